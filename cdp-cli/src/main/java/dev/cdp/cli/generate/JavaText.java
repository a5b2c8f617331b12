package dev.cdp.cli.generate;

import java.util.ArrayList;
import java.util.List;

/** Texts of a catalog as Java source has them: nothing that stands in one ends a comment or a literal. */
final class JavaText {

    private static final int WIDTH = 120;

    private JavaText() {}

    /** A string literal. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ') { // Java reads a unicode escape of a line's end as the end of the line
                literal.append(String.format("\\%03o", (int) c));
            } else if (c > '~') {
                literal.append(String.format("\\u%04x", (int) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('"').toString();
    }

    /** A text as HTML in a comment, on one line. */
    static String prose(String text) {
        StringBuilder prose = new StringBuilder();
        for (int c : text.strip().replaceAll("\\s+", " ").codePoints().toArray()) {
            boolean plain = Character.isLetterOrDigit(c) || (c < 128 && " ()[]'\"!?.,;:=+-_%#$~^|`".indexOf(c) >= 0);
            boolean harmless = c == '/' && !prose.toString().endsWith("*");
            if (plain || harmless) {
                prose.appendCodePoint(c);
            } else if (c >= ' ') {
                prose.append(c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&#" + c + ";");
            }
        }
        return prose.toString();
    }

    /** A text inside {@code …} of a comment. */
    static String code(String text) {
        return text.replaceAll("[^\\p{L}\\p{N} ._$#:-]", "?");
    }

    /** A Javadoc comment of paragraphs and block tags, each HTML on one line already. */
    static List<String> javadoc(String indent, List<String> paragraphs, List<String> tags) {
        List<String> lines = new ArrayList<>();
        String single = indent + "/** " + String.join("", paragraphs) + " */";
        if (paragraphs.size() == 1 && tags.isEmpty() && single.length() <= WIDTH) {
            return List.of(single);
        }
        lines.add(indent + "/**");
        for (int i = 0; i < paragraphs.size(); i++) {
            if (i > 0) {
                lines.add(indent + " *");
            }
            wrap(lines, indent + " * ", (i > 0 ? "<p>" : "") + paragraphs.get(i), "");
        }
        if (!tags.isEmpty()) {
            lines.add(indent + " *");
        }
        tags.forEach(tag -> wrap(lines, indent + " * ", tag, "    "));
        lines.add(indent + " */");
        return lines;
    }

    private static void wrap(List<String> lines, String prefix, String text, String hanging) {
        StringBuilder line = new StringBuilder(prefix);
        boolean first = true;
        for (String word : text.split(" ", -1)) {
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(prefix).append(hanging);
                first = true;
            }
            line.append(first ? "" : " ").append(word);
            first = false;
        }
        lines.add(line.toString());
    }
}
