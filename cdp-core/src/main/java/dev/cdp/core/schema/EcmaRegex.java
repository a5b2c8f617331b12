package dev.cdp.core.schema;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Compiles the regular expressions of JSON Schema, which are ECMA-262's, for Java's engine: {@code $} is the very end
 * and not also before a last line end, and general categories may have their long names.
 *
 * @see <a href="https://tc39.es/ecma262/#sec-patterns">ECMA-262, Patterns</a>
 */
public final class EcmaRegex {

    private static final Map<String, String> CATEGORIES = Map.ofEntries(
            Map.entry("Letter", "L"),
            Map.entry("Lowercase_Letter", "Ll"),
            Map.entry("Uppercase_Letter", "Lu"),
            Map.entry("Mark", "M"),
            Map.entry("Number", "N"),
            Map.entry("Decimal_Number", "Nd"),
            Map.entry("digit", "Nd"),
            Map.entry("Punctuation", "P"),
            Map.entry("punct", "P"),
            Map.entry("Symbol", "S"),
            Map.entry("Separator", "Z"),
            Map.entry("Space_Separator", "Zs"));

    private EcmaRegex() {}

    /**
     * The pattern of a regular expression; JSON Schema searches a text for it and does not match the whole.
     *
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    public static Pattern compile(String regex) {
        StringBuilder java = new StringBuilder(regex.length() + 8);
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\' && i + 1 < regex.length()) {
                i = escape(regex, i, java);
            } else if (c == '$' && !inClass) {
                java.append("\\z");
            } else if (c == '[' && inClass) {
                java.append("\\[");
            } else {
                inClass = c == '[' || (inClass && c != ']');
                java.append(c);
            }
        }
        return Pattern.compile(java.toString());
    }

    /** Copies an escape, with a long category name made short; returns the index of its last character. */
    private static int escape(String regex, int backslash, StringBuilder java) {
        char c = regex.charAt(backslash + 1);
        int close = regex.indexOf('}', backslash);
        boolean category = (c == 'p' || c == 'P') && regex.startsWith("{", backslash + 2) && close > 0;
        if (!category) {
            java.append('\\').append(c);
            return backslash + 1;
        }
        String name = regex.substring(backslash + 3, close);
        java.append('\\')
                .append(c)
                .append('{')
                .append(CATEGORIES.getOrDefault(name, name))
                .append('}');
        return close;
    }
}
