package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/**
 * What is known of a value: it satisfies every one of some schemas and none of some others, and for each choice one
 * branch holds. References and {@code allOf} are followed; what is left out only makes more values possible. Immutable.
 */
final class Known {

    private static final int MAX_CASES = 64;

    private final Set<SchemaNode> satisfied = new LinkedHashSet<>();
    private final Set<SchemaNode> refuted = new LinkedHashSet<>();
    private final Set<Choice> choices = new LinkedHashSet<>();

    private Known() {}

    static Known of(SchemaNode schema) {
        return of(List.of(schema));
    }

    static Known of(Collection<SchemaNode> schemas) {
        Known known = new Known();
        schemas.forEach(known::add);
        return known;
    }

    /** The same, and that it satisfies one more schema. */
    Known and(SchemaNode schema) {
        Known more = copy();
        more.add(schema);
        return more;
    }

    /** The same, and that it does not satisfy a schema. */
    Known andNot(SchemaNode schema) {
        Known more = copy();
        more.refuted.add(schema);
        return more;
    }

    private Known copy() {
        Known copy = new Known();
        copy.satisfied.addAll(satisfied);
        copy.refuted.addAll(refuted);
        copy.choices.addAll(choices);
        return copy;
    }

    private void add(SchemaNode schema) {
        Optional<SchemaNode> target = schema.reference();
        if (target.isPresent() && schema.keywords().size() == 1) {
            add(target.get());
            return;
        }
        if (schema.allowsAll() || !satisfied.add(schema)) {
            return;
        }
        target.ifPresent(this::add);
        schema.list("allOf").forEach(this::add);
        if (schema.has("not")) {
            refuted.add(schema.child("not"));
        }
        addChoices(schema);
    }

    private void addChoices(SchemaNode schema) {
        List<Branch> any = new ArrayList<>();
        schema.list("anyOf").forEach(branch -> any.add(new Branch(List.of(branch), List.of())));
        List<SchemaNode> one = schema.list("oneOf");
        List<Branch> exactly = new ArrayList<>();
        for (SchemaNode branch : one) {
            List<SchemaNode> others =
                    one.stream().filter(other -> !other.equals(branch)).toList();
            exactly.add(new Branch(List.of(branch), others));
        }
        for (List<Branch> branches : List.of(any, exactly)) {
            if (!branches.isEmpty()) {
                choices.add(new Choice(branches));
            }
        }
        if (schema.has("if") && (schema.has("then") || schema.has("else"))) {
            SchemaNode condition = schema.child("if");
            choices.add(new Choice(List.of(
                    new Branch(List.of(condition, schema.child("then")), List.of()),
                    new Branch(List.of(schema.child("else")), List.of(condition)))));
        }
    }

    /** Every way in which the choices may be made that is not impossible at sight. */
    List<Known> cases() {
        List<Known> cases = split();
        while (cases.stream().anyMatch(known -> !known.choices.isEmpty())) {
            List<Known> next =
                    cases.stream().flatMap(known -> known.split().stream()).toList();
            if (next.size() > MAX_CASES) {
                return cases;
            }
            cases = next;
        }
        return cases;
    }

    /** By its first choice, or itself. */
    private List<Known> split() {
        if (choices.isEmpty()) {
            return impossible() ? List.of() : List.of(this);
        }
        Choice first = choices.iterator().next();
        List<Known> split = new ArrayList<>();
        for (Branch branch : first.branches()) {
            Known one = copy();
            one.choices.remove(first);
            branch.satisfied().forEach(one::add);
            one.refuted.addAll(branch.refuted());
            if (!one.impossible()) {
                split.add(one);
            }
        }
        return split;
    }

    /** Single values if there are few, else one piece for each kind of value. */
    List<Known> pieces() {
        List<JsonNode> values = values();
        List<Known> pieces = new ArrayList<>();
        if (values != null && values.size() <= MAX_CASES && !satisfied.isEmpty()) {
            SchemaNode any = satisfied.iterator().next();
            values.forEach(value -> pieces.add(and(any.constant(value))));
            return pieces;
        }
        Set<JsonKind> kinds = kinds();
        boolean numbers = kinds.contains(JsonKind.FRACTION);
        for (JsonKind kind : kinds) {
            if (!satisfied.isEmpty() && !(numbers && kind == JsonKind.INTEGER)) {
                pieces.add(and(satisfied.iterator().next().ofKind(kind)));
            }
        }
        return pieces;
    }

    boolean impossible() {
        List<JsonNode> values = values();
        return kinds().isEmpty() || (values != null && values.isEmpty());
    }

    Set<JsonKind> kinds() {
        Set<JsonKind> kinds = JsonKind.all();
        boolean whole = false;
        for (SchemaNode schema : satisfied) {
            kinds.retainAll(schema.kinds());
            JsonNode step = schema.get("multipleOf");
            whole |= step.isNumber() && JsonKind.of(step) == JsonKind.INTEGER;
        }
        if (whole) {
            kinds.remove(JsonKind.FRACTION);
        }
        return kinds;
    }

    /** The values that are left, or null where they are not listed. */
    @Nullable
    List<JsonNode> values() {
        List<JsonNode> values = null;
        for (SchemaNode schema : satisfied) {
            List<JsonNode> listed = schema.values();
            if (listed != null && (values == null || listed.size() < values.size())) {
                values = listed;
            }
        }
        if (values == null) {
            values = fewValues();
        }
        return values == null ? null : values.stream().filter(this::possible).toList();
    }

    /** Null and the booleans are values that need no list. */
    private @Nullable List<JsonNode> fewValues() {
        List<JsonNode> values = new ArrayList<>();
        for (JsonKind kind : kinds()) {
            switch (kind) {
                case NULL -> values.add(NullNode.getInstance());
                case BOOLEAN -> values.addAll(List.of(BooleanNode.TRUE, BooleanNode.FALSE));
                default -> {
                    return null;
                }
            }
        }
        return values;
    }

    private boolean possible(JsonNode value) {
        return satisfied.stream()
                        .noneMatch(schema -> ConstantCheck.check(value, schema) == ConstantCheck.Verdict.INVALID)
                && refuted.stream()
                        .noneMatch(schema -> ConstantCheck.check(value, schema) == ConstantCheck.Verdict.VALID);
    }

    Set<SchemaNode> satisfied() {
        return satisfied;
    }

    Set<SchemaNode> refuted() {
        return refuted;
    }

    /** The largest, or smallest, of the numbers under a keyword; null if it stands nowhere. */
    @Nullable
    BigDecimal bound(String keyword, Function<BigDecimal, Function<BigDecimal, BigDecimal>> tighter) {
        BigDecimal bound = null;
        for (SchemaNode schema : satisfied) {
            if (schema.get(keyword).isNumber()) {
                BigDecimal own = schema.get(keyword).decimalValue();
                bound = bound == null ? own : tighter.apply(bound).apply(own);
            }
        }
        return bound;
    }

    /** The names that {@code properties} has anywhere. */
    Set<String> declared() {
        Set<String> names = new LinkedHashSet<>();
        satisfied.forEach(schema -> names.addAll(schema.map("properties").keySet()));
        return names;
    }

    Set<String> required() {
        Set<String> names = new LinkedHashSet<>();
        satisfied.forEach(schema -> names.addAll(schema.names("required")));
        return names;
    }

    /** What is known of the property of that name, if it is there. */
    Known property(String name) {
        Set<SchemaNode> schemas = new LinkedHashSet<>();
        satisfied.forEach(schema -> schemas.addAll(schema.property(name)));
        return of(schemas);
    }

    /** What is known of the item at an index, if it is there. */
    Known item(int index) {
        Set<SchemaNode> schemas = new LinkedHashSet<>();
        for (SchemaNode schema : satisfied) {
            List<SchemaNode> first = schema.firstItems();
            schemas.add(index < first.size() ? first.get(index) : schema.otherItems());
        }
        return of(schemas);
    }

    /** How many items have schemas of their own. */
    int firstItems() {
        return satisfied.stream()
                .mapToInt(schema -> schema.firstItems().size())
                .max()
                .orElse(0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Known that
                && satisfied.equals(that.satisfied)
                && refuted.equals(that.refuted)
                && choices.equals(that.choices);
    }

    @Override
    public int hashCode() {
        return Objects.hash(satisfied, refuted, choices);
    }

    private record Choice(List<Branch> branches) {}

    private record Branch(List<SchemaNode> satisfied, List<SchemaNode> refuted) {}
}
