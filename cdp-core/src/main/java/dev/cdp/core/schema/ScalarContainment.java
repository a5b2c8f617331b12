package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keywords about a value's type, and about numbers and strings. */
final class ScalarContainment {

    private final Containment containment;

    ScalarContainment(Containment containment) {
        this.containment = containment;
    }

    List<SchemaDifference> gaps(Known known, SchemaNode reader, String keyword) {
        return switch (keyword) {
            case "type" -> type(known, reader);
            case "enum", "const" -> List.of(values(known, reader, keyword));
            case "pattern" -> pattern(known, reader);
            default -> sameText(known, reader, keyword);
        };
    }

    private List<SchemaDifference> type(Known known, SchemaNode reader) {
        Set<JsonKind> kinds = known.kinds();
        kinds.removeAll(JsonKind.named(reader.get("type")));
        if (kinds.isEmpty()) {
            return List.of();
        }
        String expected = JsonKind.words(JsonKind.named(reader.get("type")));
        return List.of(containment.broken(
                "type",
                "the " + containment.reader() + " schema expects " + expected + ", the " + containment.writer()
                        + " one " + (kinds.equals(known.kinds()) ? "has " : "also allows ")
                        + JsonKind.words(kinds)));
    }

    /** The writer's own list, if it has one, was looked at before. */
    private SchemaDifference values(Known known, SchemaNode reader, String keyword) {
        if (known.values() != null) {
            return containment.unproven(
                    keyword,
                    "a value of the " + containment.writer()
                            + " schema is an object or an array, and those are not compared");
        }
        JsonNode expected = reader.get(keyword);
        String list = expected.toString();
        return containment.broken(
                keyword,
                "the " + containment.reader() + " schema allows only "
                        + (list.length() > 200 ? list.substring(0, 200) + "…" : list) + ", the " + containment.writer()
                        + " one any " + JsonKind.words(known.kinds()));
    }

    private List<SchemaDifference> pattern(Known known, SchemaNode reader) {
        return SchemaPatterns.matchesAll(reader.get("pattern").asString(" "))
                ? List.of()
                : sameText(known, reader, "pattern");
    }

    private List<SchemaDifference> sameText(Known known, SchemaNode reader, String keyword) {
        JsonNode expected = reader.get(keyword);
        if (!known.kinds().contains(JsonKind.STRING)
                || known.satisfied().stream()
                        .anyMatch(schema -> schema.get(keyword).equals(expected))) {
            return List.of();
        }
        List<String> own = known.satisfied().stream()
                .filter(schema -> schema.has(keyword))
                .map(schema -> schema.get(keyword).toString())
                .distinct()
                .toList();
        String message = "the " + containment.reader() + " schema asks for " + keyword + " " + expected + ", the "
                + containment.writer() + " one " + (own.isEmpty() ? "for none" : "for " + String.join(" and ", own));
        return List.of(own.isEmpty() ? containment.broken(keyword, message) : containment.unproven(keyword, message));
    }

    List<SchemaDifference> limitGaps(Known known, SchemaNode reader, String keyword) {
        boolean ofText = keyword.endsWith("Length");
        Set<JsonKind> kinds = known.kinds();
        boolean concerned = ofText
                ? kinds.contains(JsonKind.STRING)
                : kinds.contains(JsonKind.INTEGER) || kinds.contains(JsonKind.FRACTION);
        if (!concerned) {
            return List.of();
        }
        JsonNode limit = Containment.number(reader, keyword);
        if (limit == null) {
            return containment.opaque(known, reader, keyword);
        }
        BigDecimal expected = limit.decimalValue();
        return switch (keyword) {
            case "minimum", "exclusiveMinimum" -> lower(known, keyword, expected);
            case "maximum", "exclusiveMaximum" -> upper(known, keyword, expected);
            case "minLength" -> atLeast(known.bound(keyword, a -> a::max), keyword, expected);
            case "maxLength" -> atMost(known.bound(keyword, a -> a::min), keyword, expected);
            default -> steps(known, reader, expected);
        };
    }

    private List<SchemaDifference> lower(Known known, String keyword, BigDecimal limit) {
        Numbers lower = Numbers.lower(known);
        boolean fits = lower != null && lower.atLeast(limit, keyword.equals("minimum"));
        return fits ? List.of() : limit(keyword, limit, lower == null ? null : lower.value());
    }

    private List<SchemaDifference> upper(Known known, String keyword, BigDecimal limit) {
        Numbers upper = Numbers.upper(known);
        boolean fits = upper != null && upper.atMost(limit, keyword.equals("maximum"));
        return fits ? List.of() : limit(keyword, limit, upper == null ? null : upper.value());
    }

    /** {@code own} is the writer's bound, or null if it has none. */
    List<SchemaDifference> atLeast(@Nullable BigDecimal own, String keyword, BigDecimal limit) {
        boolean fits = limit.signum() <= 0 || (own != null && own.compareTo(limit) >= 0);
        return fits ? List.of() : limit(keyword, limit, own);
    }

    List<SchemaDifference> atMost(@Nullable BigDecimal own, String keyword, BigDecimal limit) {
        return own != null && own.compareTo(limit) <= 0 ? List.of() : limit(keyword, limit, own);
    }

    private List<SchemaDifference> limit(String keyword, BigDecimal limit, @Nullable BigDecimal own) {
        return List.of(containment.broken(
                keyword,
                "the " + containment.reader() + " schema asks for " + keyword + " " + limit + ", the "
                        + containment.writer() + " one " + (own == null ? "has no such bound" : "goes to " + own)));
    }

    private List<SchemaDifference> steps(Known known, SchemaNode reader, BigDecimal step) {
        boolean whole = !known.kinds().contains(JsonKind.FRACTION);
        if (whole && Numbers.multiple(BigDecimal.ONE, step)) {
            return List.of();
        }
        for (SchemaNode schema : known.satisfied()) {
            JsonNode own = Containment.number(schema, "multipleOf");
            if (own != null && Numbers.multiple(own.decimalValue(), step)) {
                return List.of();
            }
        }
        return List.of(containment.broken(
                "multipleOf",
                "the " + containment.reader() + " schema asks for multiples of " + reader.get("multipleOf") + ", the "
                        + containment.writer() + " one does not, nor for multiples of a multiple"));
    }
}
