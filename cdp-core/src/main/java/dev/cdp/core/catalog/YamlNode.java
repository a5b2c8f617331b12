package dev.cdp.core.catalog;

import java.util.List;
import java.util.Map;

/** A node of a YAML document, with the place where it stands; lines and columns count from 1. */
sealed interface YamlNode {

    int line();

    int column();

    /** What it is, in the words of an error message. */
    String kind();

    /** A mapping in its order; keys are scalars and unique. */
    record Mapping(Map<Scalar, YamlNode> entries, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A sequence. */
    record Sequence(List<YamlNode> elements, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
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
