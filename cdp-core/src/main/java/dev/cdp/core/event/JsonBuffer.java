package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON that grows, in UTF-8, written as Jackson's generator does. Of one thread; its memory is taken up again. */
final class JsonBuffer {

    private static final int FIRST = 2_048;
    /** What is larger is not kept for the thread's next event. */
    private static final int KEPT = 64 << 10;

    /** Of bytes and nothing of ours, so that a thread that lives on keeps no class of an application that ended. */
    private static final ThreadLocal<byte[]> SPARE = new ThreadLocal<>();

    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, ' ', PLAIN.length, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    /** Takes the thread's spare memory; one that is made while another is in use has its own. */
    JsonBuffer() {
        byte[] spare = SPARE.get();
        if (spare == null) {
            bytes = new byte[FIRST];
        } else {
            bytes = spare;
            SPARE.set(null);
        }
    }

    /** What was written; the buffer is used no more. */
    byte[] take() {
        byte[] json = Arrays.copyOf(bytes, size);
        release();
        return json;
    }

    /** Gives its memory back. */
    void release() {
        if (bytes.length <= KEPT) {
            SPARE.set(bytes);
        }
    }

    void put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    /** Bytes of JSON as they are. */
    void raw(byte[] json) {
        raw(json, 0);
    }

    private void raw(byte[] json, int from) {
        int length = json.length - from;
        room(length);
        System.arraycopy(json, from, bytes, size, length);
        size += length;
    }

    /** The name of a property, given as {@code ,"name":}; the comma is left out behind an opening brace. */
    void name(byte[] withComma) {
        raw(withComma, bytes[size - 1] == '{' ? 1 : 0);
    }

    /** Text that needs no quotes and no escapes. */
    void ascii(String text) {
        raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void number(long value) {
        if (value == Long.MIN_VALUE) {
            ascii(Long.toString(value));
            return;
        }
        room(20);
        if (value < 0) {
            bytes[size++] = '-';
        }
        long left = Math.abs(value);
        int digits = 1;
        for (long rest = left; rest >= 10; rest /= 10) {
            digits++;
        }
        size += digits;
        int at = size;
        do {
            bytes[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
    }

    /** A string in quotes; false, with part of it written, if it is no text because a surrogate stands alone. */
    boolean string(String text) {
        int length = text.length();
        room(length + 2);
        byte[] to = bytes;
        int start = size;
        to[start] = '"';
        int at = start + 1;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                return escaped(text);
            }
            to[at++] = (byte) c;
        }
        to[at] = '"';
        size = at + 1;
        return true;
    }

    private boolean escaped(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put('"');
        escaped(utf8);
        put('"');
        return isText(text, utf8);
    }

    private static boolean isText(String text, byte[] utf8) {
        boolean ascii = utf8.length == text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ascii ? utf8[i] == '?' && c != '?' : Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private void escaped(byte[] utf8) {
        room(6 * utf8.length);
        for (byte b : utf8) {
            if (b == '"' || b == '\\') {
                escape((char) b);
            } else if (b < 0 || b >= ' ') {
                bytes[size++] = b;
            } else {
                control(b);
            }
        }
    }

    private void control(byte b) {
        switch (b) {
            case '\b' -> escape('b');
            case '\t' -> escape('t');
            case '\n' -> escape('n');
            case '\f' -> escape('f');
            case '\r' -> escape('r');
            default -> {
                escape('u');
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[b >> 4];
                bytes[size++] = HEX[b & 0xF];
            }
        }
    }

    private void escape(char as) {
        bytes[size++] = '\\';
        bytes[size++] = (byte) as;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
        }
    }
}
