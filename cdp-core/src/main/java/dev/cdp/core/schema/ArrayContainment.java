package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The keywords about arrays: the first items may have schemas of their own, the others share one. */
final class ArrayContainment {

    private static final int MAX_FIRST = 1_000;

    private final Containment containment;

    ArrayContainment(Containment containment) {
        this.containment = containment;
    }

    List<SchemaDifference> gaps(Known known, SchemaNode reader, String keyword) {
        return switch (keyword) {
            case "prefixItems" -> firstItems(known, reader, keyword);
            case "items" -> items(known, reader);
            case "additionalItems" -> reader.get("items").isArray() ? otherItems(known, reader, keyword) : List.of();
            case "minItems", "maxItems" -> size(known, reader, keyword);
            case "uniqueItems" -> unique(known, reader);
            case "contains" -> contains(known, reader);
            default -> List.of(); // minContains and maxContains go with contains
        };
    }

    private List<SchemaDifference> items(Known known, SchemaNode reader) {
        if (!reader.get("items").isArray()) {
            return otherItems(known, reader, "items");
        }
        return reader.dialect() == Dialect.DRAFT_7
                ? firstItems(known, reader, "items")
                : containment.opaque(known, reader, "items");
    }

    private List<SchemaDifference> firstItems(Known known, SchemaNode reader, String keyword) {
        List<SchemaNode> expected = reader.firstItems();
        BigDecimal most = most(known);
        Set<SchemaDifference> gaps = new LinkedHashSet<>();
        for (int i = 0; i < expected.size() && (most == null || most.compareTo(BigDecimal.valueOf(i)) > 0); i++) {
            inside(known.item(i), expected.get(i), "/" + i, "/" + keyword + "/" + i, gaps);
        }
        return List.copyOf(gaps);
    }

    private List<SchemaDifference> otherItems(Known known, SchemaNode reader, String keyword) {
        SchemaNode expected = reader.otherItems();
        int from = reader.firstItems().size();
        int to = Math.max(from, known.firstItems());
        if (to > MAX_FIRST) {
            return containment.opaque(known, reader, keyword);
        }
        BigDecimal most = most(known);
        Set<SchemaDifference> gaps = new LinkedHashSet<>();
        for (int i = from; i <= to && (most == null || most.compareTo(BigDecimal.valueOf(i)) > 0); i++) {
            inside(known.item(i), expected, i < to ? "/" + i : "/*", "/" + keyword, gaps);
        }
        return List.copyOf(gaps);
    }

    private void inside(Known known, SchemaNode reader, String field, String pointer, Set<SchemaDifference> gaps) {
        if (reader.allowsNothing() && !known.impossible()) {
            gaps.add(containment
                    .broken(
                            pointer.substring(1).replaceFirst("/.*", ""),
                            "the " + containment.reader() + " schema allows no such item, the " + containment.writer()
                                    + " one does")
                    .under(field, ""));
            return;
        }
        containment.gapsInside(known, reader).forEach(gap -> gaps.add(gap.under(field, pointer)));
    }

    /** The most items that there can be, or null where nothing says so. */
    private static @Nullable BigDecimal most(Known known) {
        BigDecimal most = known.bound("maxItems", a -> a::min);
        for (SchemaNode schema : known.satisfied()) {
            if (schema.otherItems().allowsNothing()) {
                BigDecimal first = BigDecimal.valueOf(schema.firstItems().size());
                most = most == null ? first : most.min(first);
            }
        }
        return most;
    }

    private List<SchemaDifference> size(Known known, SchemaNode reader, String keyword) {
        if (Containment.number(reader, keyword) == null) {
            return containment.opaque(known, reader, keyword);
        }
        ScalarContainment limits = new ScalarContainment(containment);
        BigDecimal limit = reader.get(keyword).decimalValue();
        return keyword.equals("minItems")
                ? limits.atLeast(known.bound(keyword, a -> a::max), keyword, limit)
                : limits.atMost(most(known), keyword, limit);
    }

    private List<SchemaDifference> unique(Known known, SchemaNode reader) {
        BigDecimal most = most(known);
        boolean single = most != null && most.compareTo(BigDecimal.ONE) <= 0;
        if (single || !asksUnique(reader) || known.satisfied().stream().anyMatch(ArrayContainment::asksUnique)) {
            return List.of();
        }
        return List.of(containment.broken(
                "uniqueItems",
                "the " + containment.reader() + " schema refuses equal items, the " + containment.writer()
                        + " one allows them"));
    }

    private static boolean asksUnique(SchemaNode schema) {
        return schema.get("uniqueItems").isBoolean()
                && schema.get("uniqueItems").asBoolean();
    }

    private List<SchemaDifference> contains(Known known, SchemaNode reader) {
        SchemaNode expected = reader.child("contains");
        BigDecimal least = least(reader);
        if (least.signum() == 0 && !reader.has("maxContains")) {
            return List.of();
        }
        for (SchemaNode schema : known.satisfied()) {
            if (sameContains(schema, reader)) {
                return List.of();
            }
            boolean enough = schema.has("contains")
                    && !reader.has("maxContains")
                    && least(schema).compareTo(least) >= 0
                    && containment
                            .gapsInside(Known.of(schema.child("contains")), expected)
                            .isEmpty();
            if (enough) {
                return List.of();
            }
        }
        return List.of(containment.unproven(
                "contains",
                "the " + containment.reader() + " schema asks for items of a kind that the " + containment.writer()
                        + " one does not ask for"));
    }

    private static boolean sameContains(SchemaNode writer, SchemaNode reader) {
        return writer.has("contains")
                && SameMeaning.of(writer, reader, "contains")
                && SameMeaning.of(writer, reader, "minContains")
                && SameMeaning.of(writer, reader, "maxContains");
    }

    /** How many such items there must be. */
    private static BigDecimal least(SchemaNode schema) {
        return schema.get("minContains").isNumber() ? schema.get("minContains").decimalValue() : BigDecimal.ONE;
    }
}
