package dev.cdp.core.catalog;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A node of a YAML document, with the place where it stands; lines and columns count from 1. */
sealed interface YamlNode {

    int line();

    int column();

    /** What it is, in the words of an error message. */
    String kind();

    /** The node at a JSON Pointer below this one, or the nearest that there is on the way. */
    default YamlNode at(String pointer) {
        YamlNode here = this;
        String[] segments =
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1);
        for (String segment : segments) {
            YamlNode next = here.child(segment.replace("~1", "/").replace("~0", "~"));
            if (next == null) {
                return here;
            }
            here = next;
        }
        return here;
    }

    /** The value of a key or the element of an index, or null. */
    default @Nullable YamlNode child(String name) {
        return null;
    }

    /** A mapping in its order; keys are scalars and unique. */
    record Mapping(Map<Scalar, YamlNode> entries, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }

        /** The key of that name where it stands, or the mapping where there is none. */
        YamlNode key(String name) {
            for (Scalar key : entries.keySet()) {
                if (key.text().equals(name)) {
                    return key;
                }
            }
            return this;
        }

        @Override
        public @Nullable YamlNode child(String name) {
            for (var entry : entries.entrySet()) {
                if (entry.getKey().text().equals(name)) {
                    return entry.getValue();
                }
            }
            return null;
        }
    }

    /** A sequence. */
    record Sequence(List<YamlNode> elements, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public @Nullable YamlNode child(String name) {
            boolean index = name.matches("[0-9]{1,9}") && Integer.parseInt(name) < elements.size();
            return index ? elements.get(Integer.parseInt(name)) : null;
        }
    }

    /** A scalar: {@code plain} unless it was quoted. */
    record Scalar(String text, boolean plain, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
        }
    }
}
