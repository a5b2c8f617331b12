package dev.cdp.core.catalog;

/**
 * What the linter says of one place of a catalog.
 *
 * @param severity how much it matters
 * @param rule the stable id of the rule
 * @param file the file that it stands in
 * @param line from 1, or 0 where the file as a whole is meant
 * @param column from 1, or 0
 * @param at what is meant, as {@code lint: ignore:} names it: {@code events.post_viewed.key}, {@code
 *     schemas/common.json#/$defs/geo}, {@code metrics.view_rate}; empty for a problem that keeps the catalog from loading
 * @param message what was found, and what to do
 */
public record Finding(Severity severity, String rule, String file, int line, int column, String at, String message) {

    /** {@code file:line:column}, as editors and terminals link it. */
    public String place() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }

    @Override
    public String toString() {
        return OneLine.of(place() + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": "
                + (at.isEmpty() ? "" : at + ": ") + message + " [" + rule + "]");
    }
}
