package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.schema.SchemaCompatibility.Policy;

/**
 * The keywords about objects. An object is open where a property that nobody declares may have any value, closed where
 * there may be none, and partially open where a schema says which.
 */
final class ObjectContainment {

    private final Containment containment;

    ObjectContainment(Containment containment) {
        this.containment = containment;
    }

    List<SchemaDifference> gaps(Known known, SchemaNode reader, String keyword) {
        return switch (keyword) {
            case "properties" -> properties(known, reader);
            case "patternProperties" -> patternProperties(known, reader);
            case "additionalProperties" -> additionalProperties(known, reader);
            case "propertyNames" -> propertyNames(known, reader);
            case "required" -> required(known, reader);
            case "minProperties", "maxProperties" -> size(known, reader, keyword);
            default -> dependencies(known, reader, keyword);
        };
    }

    private List<SchemaDifference> required(Known known, SchemaNode reader) {
        Set<String> missing = reader.names("required");
        missing.removeAll(known.required());
        List<SchemaDifference> gaps = new ArrayList<>();
        for (String name : missing) {
            gaps.add(containment
                    .broken(
                            "required",
                            "'" + name + "' is required by the " + containment.reader() + " schema and "
                                    + (known.declared().contains(name) ? "optional in" : "unknown to") + " the "
                                    + containment.writer() + " one")
                    .under("/" + Containment.token(name), ""));
        }
        return gaps;
    }

    private List<SchemaDifference> properties(Known known, SchemaNode reader) {
        List<SchemaDifference> gaps = new ArrayList<>();
        Set<String> declared = known.declared();
        for (var property : reader.map("properties").entrySet()) {
            String name = property.getKey();
            Known own = known.property(name);
            if (!declared.contains(name) && own.satisfied().isEmpty()) {
                gaps.addAll(added(known, name, property.getValue()));
                continue;
            }
            for (SchemaDifference gap : containment.gapsInside(own, property.getValue())) {
                gaps.add(gap.under("/" + Containment.token(name), "/properties/" + Containment.token(name)));
            }
        }
        return gaps;
    }

    /** A property that the reader declares, and the writer leaves open. */
    private List<SchemaDifference> added(Known known, String name, SchemaNode schema) {
        boolean trusted =
                containment.policy() == Policy.LENIENT && !known.required().contains(name);
        if (schema.allowsAll() || trusted) {
            return List.of();
        }
        return List.of(containment
                .broken(
                        "properties",
                        "'" + name + "' is declared by the " + containment.reader() + " schema only, and the "
                                + containment.writer()
                                + " one is open, so anything may stand there already; policy LENIENT takes it that"
                                + " nothing does")
                .under("/" + Containment.token(name), "/properties/" + Containment.token(name)));
    }

    private List<SchemaDifference> patternProperties(Known known, SchemaNode reader) {
        Set<SchemaDifference> gaps = new LinkedHashSet<>();
        for (var entry : reader.map("patternProperties").entrySet()) {
            String pattern = entry.getKey();
            String pointer = "/patternProperties/" + Containment.token(pattern);
            for (String name : known.declared()) {
                if (SchemaPatterns.find(pattern, name)) {
                    inside(known.property(name), entry.getValue(), "/" + Containment.token(name), pointer, gaps);
                }
            }
            boolean covered =
                    known.satisfied().stream().anyMatch(schema -> undeclaredFit(schema, pattern, entry.getValue()));
            if (!covered && !entry.getValue().allowsAll()) {
                gaps.add(containment
                        .broken(
                                "patternProperties",
                                "the " + containment.reader() + " schema restricts properties that match '" + pattern
                                        + "', the " + containment.writer() + " one leaves them open or wider")
                        .under("/*", ""));
            }
        }
        return List.copyOf(gaps);
    }

    /** Whether, by one schema of the writer, undeclared properties that match a pattern satisfy the reader's. */
    private boolean undeclaredFit(SchemaNode schema, String pattern, SchemaNode reader) {
        Map<String, SchemaNode> patterns = schema.map("patternProperties");
        SchemaNode same = patterns.get(pattern);
        if (same != null && containment.gapsInside(Known.of(same), reader).isEmpty()) {
            return true;
        }
        return schema.otherProperties().stream()
                .allMatch(
                        other -> containment.gapsInside(Known.of(other), reader).isEmpty());
    }

    private List<SchemaDifference> additionalProperties(Known known, SchemaNode reader) {
        SchemaNode additional = reader.child("additionalProperties");
        Set<String> patterns = reader.map("patternProperties").keySet();
        Set<SchemaDifference> gaps = new LinkedHashSet<>();
        Set<String> undeclared = known.declared();
        undeclared.removeAll(reader.map("properties").keySet());
        undeclared.removeIf(name -> patterns.stream().anyMatch(pattern -> SchemaPatterns.find(pattern, name)));
        for (String name : undeclared) {
            Known own = known.property(name);
            if (additional.allowsNothing() && !own.impossible()) {
                gaps.add(containment
                        .broken(
                                "additionalProperties",
                                "'" + name + "' is declared by the " + containment.writer() + " schema, and the "
                                        + containment.reader() + " one is closed and does not know it")
                        .under("/" + Containment.token(name), ""));
            } else {
                inside(own, additional, "/" + Containment.token(name), "/additionalProperties", gaps);
            }
        }
        boolean covered = known.satisfied().stream().anyMatch(schema -> othersFit(schema, patterns, additional));
        if (!covered && !additional.allowsAll()) {
            gaps.add(containment
                    .broken(
                            "additionalProperties",
                            additional.allowsNothing()
                                    ? "the " + containment.reader() + " schema is closed, the " + containment.writer()
                                            + " one allows properties that it does not declare"
                                    : "the " + containment.reader()
                                            + " schema restricts properties that it does not declare, the "
                                            + containment.writer() + " one leaves them open or wider")
                    .under("/*", ""));
        }
        return List.copyOf(gaps);
    }

    /** Whether, by one schema of the writer, what it does not declare satisfies the reader's additionalProperties. */
    private boolean othersFit(SchemaNode schema, Set<String> readerPatterns, SchemaNode additional) {
        for (var pattern : schema.map("patternProperties").entrySet()) {
            if (!readerPatterns.contains(pattern.getKey())
                    && !containment
                            .gapsInside(Known.of(pattern.getValue()), additional)
                            .isEmpty()) {
                return false;
            }
        }
        return containment
                .gapsInside(Known.of(schema.child("additionalProperties")), additional)
                .isEmpty();
    }

    private void inside(Known known, SchemaNode reader, String field, String pointer, Set<SchemaDifference> gaps) {
        containment.gapsInside(known, reader).forEach(gap -> gaps.add(gap.under(field, pointer)));
    }

    private List<SchemaDifference> propertyNames(Known known, SchemaNode reader) {
        SchemaNode names = reader.child("propertyNames");
        for (SchemaNode schema : known.satisfied()) {
            boolean narrower = schema.has("propertyNames")
                    && containment
                            .gapsInside(Known.of(schema.child("propertyNames")), names)
                            .isEmpty();
            if (narrower || names.allowsAll() || closedUnder(schema, names)) {
                return List.of();
            }
        }
        return List.of(containment.unproven(
                "propertyNames",
                "the " + containment.reader() + " schema restricts the names of properties, and not every name of the "
                        + containment.writer() + " one is known to fit"));
    }

    private static boolean closedUnder(SchemaNode schema, SchemaNode names) {
        return closed(schema) && schema.map("properties").keySet().stream().allMatch(name -> names.allowsName(name));
    }

    private static boolean closed(SchemaNode schema) {
        return schema.child("additionalProperties").allowsNothing()
                && schema.map("patternProperties").isEmpty();
    }

    private List<SchemaDifference> size(Known known, SchemaNode reader, String keyword) {
        ScalarContainment limits = new ScalarContainment(containment);
        if (Containment.number(reader, keyword) == null) {
            return containment.opaque(known, reader, keyword);
        }
        BigDecimal limit = reader.get(keyword).decimalValue();
        if (keyword.equals("minProperties")) {
            BigDecimal required = BigDecimal.valueOf(known.required().size());
            BigDecimal own = known.bound(keyword, a -> a::max);
            return limits.atLeast(own == null ? required : own.max(required), keyword, limit);
        }
        BigDecimal own = known.bound(keyword, a -> a::min);
        for (SchemaNode schema : known.satisfied()) {
            if (closed(schema)) {
                BigDecimal all = BigDecimal.valueOf(schema.map("properties").size());
                own = own == null ? all : own.min(all);
            }
        }
        return limits.atMost(own, keyword, limit);
    }

    /** A dependency holds where the writer has the same, never has the property, or always has what it asks for. */
    private List<SchemaDifference> dependencies(Known known, SchemaNode reader, String keyword) {
        List<SchemaDifference> gaps = new ArrayList<>();
        for (var entry : reader.map(keyword).entrySet()) {
            String name = entry.getKey();
            SchemaNode asked = entry.getValue();
            boolean same = known.satisfied().stream().anyMatch(schema -> {
                SchemaNode own = schema.map(keyword).get(name);
                return own != null && SameMeaning.of(own, asked);
            });
            if (same || known.property(name).impossible() || alwaysHolds(known, asked)) {
                continue;
            }
            gaps.add(containment
                    .unproven(
                            keyword,
                            "the " + containment.reader() + " schema asks for more where '" + name + "' stands, the "
                                    + containment.writer() + " one does not say so")
                    .under("", ""));
        }
        return gaps;
    }

    private boolean alwaysHolds(Known known, SchemaNode asked) {
        if (asked.node().isArray()) {
            Set<String> names = new LinkedHashSet<>();
            asked.node().forEach(name -> names.add(name.asString("")));
            return known.required().containsAll(names);
        }
        return containment.gaps(known, asked).isEmpty();
    }
}
