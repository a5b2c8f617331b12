package dev.cdp.core.validation;

/**
 * Recognisers of identifiers and network addresses in UTF-8: UUIDs (RFC 9562), host names (RFC 1123), IPv4 (RFC 2673)
 * and IPv6 addresses (RFC 4291), mailboxes (RFC 5321). Quoted local parts, address literals and internationalised labels
 * are not known to them.
 */
final class AddressFormats {

    private static final int MAX_HOSTNAME = 253;
    private static final int MAX_LABEL = 63;
    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_EMAIL = 254;

    private AddressFormats() {}

    /** Whether it is a UUID of any version. */
    static boolean isUuid(byte[] b, int from, int to) {
        if (to - from != 36) {
            return false;
        }
        boolean hyphens = b[from + 8] == '-' && b[from + 13] == '-' && b[from + 18] == '-' && b[from + 23] == '-';
        return hyphens
                && Ascii.skip(Ascii.HEX, b, from, from + 8) == from + 8
                && Ascii.skip(Ascii.HEX, b, from + 9, from + 13) == from + 13
                && Ascii.skip(Ascii.HEX, b, from + 14, from + 18) == from + 18
                && Ascii.skip(Ascii.HEX, b, from + 19, from + 23) == from + 23
                && Ascii.skip(Ascii.HEX, b, from + 24, to) == to;
    }

    /** Whether it is a mailbox of dot-separated atoms at a host. */
    static boolean isEmail(byte[] b, int from, int to) {
        int at = from;
        int atom;
        do {
            atom = at;
            at = Ascii.skip(Ascii.ATOM, b, at, to);
        } while (at > atom && at < to && b[at] == '.' && ++at < to);
        if (at == atom || at >= to || b[at] != '@' || at - from > MAX_LOCAL_PART) {
            return false;
        }
        return to - from <= MAX_EMAIL && isHostname(b, at + 1, to);
    }

    /** Whether it is a host name whose labels are not internationalised ones. */
    static boolean isHostname(byte[] b, int from, int to) {
        if (to == from || to - from > MAX_HOSTNAME) {
            return false;
        }
        int p = from;
        while (true) {
            int label = p;
            do {
                p = Ascii.skip(Ascii.ALPHANUMERIC, b, p, to);
            } while (p > label && p < to && b[p] == '-' && Ascii.is(Ascii.ALPHANUMERIC, b[++p]));
            if (p == label || p - label > MAX_LABEL || b[p - 1] == '-') {
                return false;
            }
            if (p == to) {
                return true;
            }
            if (b[p++] != '.') {
                return false;
            }
        }
    }

    /** Whether it is a dotted quad of decimals without leading zeros. */
    static boolean isIpv4(byte[] b, int from, int to) {
        int parts = 0;
        int p = from;
        while (true) {
            int start = p;
            int value = 0;
            while (p < to && b[p] >= '0' && b[p] <= '9' && p - start < 3) {
                value = value * 10 + (b[p] - '0');
                p++;
            }
            if (p == start || value > 255 || (p - start > 1 && b[start] == '0')) {
                return false;
            }
            parts++;
            if (p == to) {
                return parts == 4;
            }
            if (b[p++] != '.') {
                return false;
            }
        }
    }

    /** Whether it is eight groups of hexadecimal digits, or fewer and one {@code ::}. */
    static boolean isIpv6(byte[] b, int from, int to) {
        if (to - from < 2) {
            return false;
        }
        int groups = 0;
        boolean compressed = false;
        int p = from;
        if (b[p] == ':') {
            if (b[p + 1] != ':') {
                return false;
            }
            compressed = true;
            p += 2;
        }
        while (p < to) {
            int start = p;
            while (p < to && Utf8Json.hex(b[p]) >= 0) {
                p++;
            }
            if (p == start || p - start > 4) {
                return false;
            }
            groups++;
            if (p == to) {
                break;
            }
            if (b[p] != ':' || p + 1 == to) {
                return false;
            }
            p++;
            if (b[p] == ':') {
                if (compressed) {
                    return false;
                }
                compressed = true;
                p++;
            }
        }
        return compressed ? groups <= 7 : groups == 8;
    }
}
