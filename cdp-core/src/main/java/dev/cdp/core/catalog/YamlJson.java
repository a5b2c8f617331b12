package dev.cdp.core.catalog;

import java.util.Iterator;
import java.util.regex.Pattern;

import dev.cdp.core.catalog.YamlNode.Mapping;
import dev.cdp.core.catalog.YamlNode.Scalar;
import dev.cdp.core.catalog.YamlNode.Sequence;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes a YAML tree as JSON by YAML 1.2's JSON schema: plain scalars are null, booleans and numbers if they look so. */
final class YamlJson {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private YamlJson() {}

    static String write(YamlNode node) {
        StringBuilder out = new StringBuilder();
        append(node, out);
        return out.toString();
    }

    private static void append(YamlNode node, StringBuilder out) {
        if (node instanceof Mapping mapping) {
            out.append('{');
            for (var i = mapping.entries().entrySet().iterator(); i.hasNext(); ) {
                var entry = i.next();
                quoted(entry.getKey().text(), out);
                out.append(':');
                append(entry.getValue(), out);
                separator(i, out);
            }
            out.append('}');
        } else if (node instanceof Sequence sequence) {
            out.append('[');
            for (Iterator<YamlNode> i = sequence.elements().iterator(); i.hasNext(); ) {
                append(i.next(), out);
                separator(i, out);
            }
            out.append(']');
        } else if (node instanceof Scalar scalar) {
            scalar(scalar, out);
        }
    }

    private static void scalar(Scalar scalar, StringBuilder out) {
        String text = scalar.text();
        boolean literal = text.equals("true") || text.equals("false") || text.equals("null");
        if (scalar.plain() && text.isEmpty()) {
            out.append("null");
        } else if (scalar.plain() && (literal || NUMBER.matcher(text).matches())) {
            out.append(text);
        } else {
            quoted(text, out);
        }
    }

    private static void quoted(String text, StringBuilder out) {
        out.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsCharArray(text))
                .append('"');
    }

    private static void separator(Iterator<?> i, StringBuilder out) {
        if (i.hasNext()) {
            out.append(',');
        }
    }
}
