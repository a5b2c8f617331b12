package dev.cdp.core.catalog;

/**
 * One thing that is wrong with a catalog.
 *
 * @param file the file, relative to where the catalog was loaded from
 * @param line from 1, or 0 where the file as a whole is meant
 * @param column from 1, or 0
 * @param rule the stable id of the rule that refuses it
 * @param message what was expected, what was found, and what to do
 */
public record Problem(String file, int line, int column, String rule, String message) {

    /** {@code file:line:column}, as editors and terminals link it. */
    public String place() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }

    @Override
    public String toString() {
        return OneLine.of(place() + ": " + message + " [" + rule + "]");
    }
}
