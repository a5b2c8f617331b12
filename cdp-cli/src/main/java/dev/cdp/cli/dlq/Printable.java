package dev.cdp.cli.dlq;

/** Text out of a record, which may be anything, made fit for a terminal. */
final class Printable {

    private static final int MAX_LENGTH = 300;

    private Printable() {}

    /** One line without control characters; {@code -} for nothing. */
    static String of(String text) {
        String line = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
        String plain = line.replaceAll("\\p{C}", "?");
        return plain.isEmpty() ? "-" : plain;
    }
}
