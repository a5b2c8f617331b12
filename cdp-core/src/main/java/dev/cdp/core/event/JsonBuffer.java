package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON that grows, in UTF-8. Of one thread; its memory is taken up again by the thread's next event. */
final class JsonBuffer {

    private static final int FIRST = 2_048;
    /** What is larger is not kept. */
    private static final int KEPT = 64 << 10;

    /** Of bytes and nothing of ours, so that a thread that lives on keeps no class of an application that ended. */
    private static final ThreadLocal<byte[]> SPARE = new ThreadLocal<>();

    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, ' ', PLAIN.length, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private byte[] bytes;
    private int size;

    /** Takes the thread's spare memory; one that is made while another is in use has its own. */
    JsonBuffer() {
        byte[] spare = SPARE.get();
        bytes = spare == null ? new byte[FIRST] : spare;
        SPARE.set(null);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
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
    void json(byte[] json) {
        room(json.length);
        System.arraycopy(json, 0, bytes, size, json.length);
        size += json.length;
    }

    int size() {
        return size;
    }

    /** Makes an object of the properties that were written since; the comma before the first becomes its brace. */
    void close(int start) {
        if (size == start) {
            put('{');
        }
        bytes[start] = '{';
        put('}');
    }

    /** Text that needs neither quotes nor escapes. */
    void ascii(String text) {
        json(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A string in quotes, if it is of ASCII without escapes; else nothing, and false. */
    boolean plain(String text) {
        int length = text.length();
        room(length + 2);
        byte[] to = bytes;
        int at = size;
        to[at++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                return false;
            }
            to[at++] = (byte) c;
        }
        to[at++] = '"';
        size = at;
        return true;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
        }
    }
}
