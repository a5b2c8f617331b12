package dev.cdp.core.validation;

/** The kinds of characters that formats are made of, by one table over all bytes. */
final class Ascii {

    static final int DIGIT = 1;
    static final int HEX = 2;
    static final int ALPHANUMERIC = 4;
    /** What a dot-separated part of a mailbox may hold here. */
    static final int ATOM = 8;
    /** {@code pchar} and the slash of RFC 3986, but for percent signs. */
    static final int PATH = 16;
    /** What a host name may hold. */
    static final int HOST = 32;

    private static final byte[] KINDS = new byte[256];

    static {
        add(DIGIT | HEX | ALPHANUMERIC | ATOM | PATH | HOST, "0123456789");
        add(HEX, "abcdefABCDEF");
        add(ALPHANUMERIC | ATOM | PATH | HOST, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        add(ATOM, "_-+");
        add(HOST, "-.");
        add(PATH, "-._~!$&'()*+,;=:@/");
    }

    private Ascii() {}

    /** Whether a byte is of one of the kinds. */
    static boolean is(int kinds, byte c) {
        return (KINDS[c & 0xFF] & kinds) != 0;
    }

    /** The position of the first byte from {@code p} to {@code to} that is of none of the kinds. */
    static int skip(int kinds, byte[] b, int p, int to) {
        while (p < to && (KINDS[b[p] & 0xFF] & kinds) != 0) {
            p++;
        }
        return p;
    }

    private static void add(int kinds, String characters) {
        characters.chars().forEach(c -> KINDS[c] |= (byte) kinds);
    }
}
