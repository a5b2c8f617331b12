package dev.cdp.core.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Whether two schemas are written the same way, keyword by keyword, when every reference is followed. What says nothing
 * of a value, such as a description, is left out.
 */
final class SameMeaning {

    private static final Set<String> SINGLE = Set.of(
            "additionalItems",
            "additionalProperties",
            "propertyNames",
            "contains",
            "not",
            "if",
            "then",
            "else",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "dependentSchemas", "dependencies");

    private final Set<Pair> assumed = new HashSet<>();

    private SameMeaning() {}

    static boolean of(SchemaNode a, SchemaNode b) {
        return new SameMeaning().same(a, b);
    }

    /** The value of one keyword only. */
    static boolean of(SchemaNode a, SchemaNode b, String keyword) {
        return a.dialect() == b.dialect() && new SameMeaning().sameKeyword(a, b, keyword);
    }

    private boolean same(SchemaNode a, SchemaNode b) {
        if (a.equals(b)) {
            return true;
        }
        if (!a.node().isObject() || !b.node().isObject()) {
            return a.node().equals(b.node());
        }
        if (a.dialect() != b.dialect()) {
            return false;
        }
        if (!assumed.add(new Pair(a, b))) {
            return true;
        }
        Set<String> keywords = a.keywords();
        return keywords.equals(b.keywords()) && keywords.stream().allMatch(keyword -> sameKeyword(a, b, keyword));
    }

    private boolean sameKeyword(SchemaNode a, SchemaNode b, String keyword) {
        JsonNode left = a.get(keyword);
        JsonNode right = b.get(keyword);
        if (left.isMissingNode() || right.isMissingNode()) {
            return left.isMissingNode() == right.isMissingNode();
        }
        if (keyword.equals("$ref")) {
            return sameReference(a, b, left.equals(right));
        }
        boolean items = keyword.equals("items");
        if ((LISTS.contains(keyword) || items) && left.isArray() && right.isArray()) {
            return sameLists(a.list(keyword), b.list(keyword));
        }
        if ((SINGLE.contains(keyword) || items) && left.isObject() && right.isObject()) {
            return same(a.child(keyword), b.child(keyword));
        }
        if (MAPS.contains(keyword) && left.isObject() && right.isObject()) {
            return sameMaps(a.map(keyword), b.map(keyword));
        }
        return left.equals(right);
    }

    /** A reference that is not followed, to the drafts' own schemas, is the same by its text. */
    private boolean sameReference(SchemaNode a, SchemaNode b, boolean sameText) {
        if (a.reference().isEmpty() || b.reference().isEmpty()) {
            return sameText && a.reference().isEmpty() == b.reference().isEmpty();
        }
        return same(a.reference().get(), b.reference().get());
    }

    private boolean sameLists(List<SchemaNode> a, List<SchemaNode> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean sameMaps(Map<String, SchemaNode> a, Map<String, SchemaNode> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream().allMatch(entry -> {
                    SchemaNode other = b.get(entry.getKey());
                    return other != null && same(entry.getValue(), other);
                });
    }

    private record Pair(SchemaNode a, SchemaNode b) {}
}
