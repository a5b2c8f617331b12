package dev.cdp.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message of the incident: sent by hand, without the fields that every event has.
 *
 * @param partition where it stood
 * @param offset where it stood
 * @param text what it said
 */
record Poison(int partition, long offset, String text) {

    /** The three that the report of the incident gives the places of. */
    static final List<Poison> OF_THE_INCIDENT = List.of(
            new Poison(0, 58, "{\"test\":\"connection_test\",\"timestamp\":\"now\"}"),
            new Poison(1, 56, "{\"test\":\"direct_publish\",\"timestamp\":\"now\"}"),
            new Poison(2, 113, "{\"test\":\"message\",\"timestamp\":\"now\"}"));

    /** The fourth, wherever it comes to stand. */
    static final byte[] ONE_MORE = utf8("{\"test\":\"message\",\"data\":\"hello\"}");

    /** What somebody sends who has read of the headers and not of the schema. */
    static final byte[] WITHOUT_FIELDS = utf8("{\"occurred_at\":\"2026-11-01T00:00:00Z\"}");

    /** What no parser reads. */
    static final List<byte[]> BROKEN_BYTES = List.of(
            utf8("{\"actor\":{\"id\":\"u1\"},\"occurred_at\":\"2026-"),
            new byte[] {(byte) 0xC0, (byte) 0x80, (byte) 0xFF, 0x00, 0x7B},
            utf8("hello?"));

    byte[] value() {
        return utf8(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
