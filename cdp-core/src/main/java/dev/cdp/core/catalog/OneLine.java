package dev.cdp.core.catalog;

/** Text that stands in a catalog's files, made fit for a line of a report. */
final class OneLine {

    private OneLine() {}

    /** The text with line breaks, control characters and marks of writing direction as {@code \}{@code u} and four digits. */
    static String of(String text) {
        StringBuilder line = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean odd = Character.isISOControl(c)
                    || c == '\u2028'
                    || c == '\u2029'
                    || c == '\u061c'
                    || c == '\u200e'
                    || c == '\u200f'
                    || (c >= '\u202a' && c <= '\u202e')
                    || (c >= '\u2066' && c <= '\u2069');
            if (odd && line == null) {
                line = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (line != null) {
                line.append(odd ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return line == null ? text : line.toString();
    }
}
