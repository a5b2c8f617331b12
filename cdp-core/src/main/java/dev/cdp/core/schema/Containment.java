package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference.Certainty;
import dev.cdp.core.schema.SchemaDifference.Direction;
import dev.cdp.core.schema.SchemaPatterns.UnprovableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Proves that a schema, the reader, allows every value that another one, the writer, allows. Each keyword of the reader
 * must follow from what is known of the writer's values; where it does not, that is a difference. What is not
 * understood of the writer is left out, what is not understood of the reader is a difference, so an empty answer is a
 * proof. Recursion is proven by induction over the size of a value. For one thread and one comparison.
 */
final class Containment {

    private static final int MAX_STEPS = 20_000;
    private static final int MAX_DEPTH = 300;
    private static final int MAX_APART = 6;

    private final Direction direction;
    private final Policy policy;
    private final ObjectContainment objects;
    private final ArrayContainment arrays;
    private final ScalarContainment scalars;
    private final ChoiceContainment choices;
    private final Map<Claim, Integer> open = new HashMap<>();
    private final List<Claim> proven = new ArrayList<>();
    private final Set<Claim> isProven = new HashSet<>();
    private final Map<Claim, List<SchemaDifference>> refuted = new HashMap<>();
    private int depth;
    private int steps;
    private int apart;

    private Containment(Direction direction, Policy policy) {
        this.direction = direction;
        this.policy = policy;
        this.objects = new ObjectContainment(this);
        this.arrays = new ArrayContainment(this);
        this.scalars = new ScalarContainment(this);
        this.choices = new ChoiceContainment(this);
    }

    static List<SchemaDifference> differences(
            SchemaGraph writer, SchemaGraph reader, Direction direction, Policy policy) {
        Containment containment = new Containment(direction, policy);
        String keyword = writer.beyondProof();
        keyword = keyword == null ? reader.beyondProof() : keyword;
        if (keyword != null) {
            return List.of(containment.unproven(
                    keyword, "there is " + keyword + ", whose meaning depends on more than where it stands"));
        }
        try {
            return containment.gaps(Known.of(writer.root()), reader.root());
        } catch (UnprovableException e) {
            return List.of(containment.unproven("", String.valueOf(e.getMessage())));
        }
    }

    /** Why not every value of which that is known satisfies {@code reader}; empty is a proof. */
    List<SchemaDifference> gaps(Known known, SchemaNode reader) {
        if (reader.allowsAll() || known.impossible() || follows(known, reader)) {
            return List.of();
        }
        Claim claim = new Claim(known, reader);
        List<SchemaDifference> before = refuted.get(claim);
        if (before != null || isProven.contains(claim)) {
            return before == null ? List.of() : before;
        }
        Integer since = open.get(claim);
        if (since != null) {
            return since < depth ? List.of() : List.of(unproven("$ref", "the comparison goes in a circle"));
        }
        if (open.size() > MAX_DEPTH) {
            throw new UnprovableException("the schemas go deeper than " + MAX_DEPTH + " levels");
        }
        int mark = proven.size();
        open.put(claim, depth);
        Set<SchemaDifference> found = new LinkedHashSet<>();
        for (Known one : known.cases()) {
            if (++steps > MAX_STEPS) {
                throw new UnprovableException("the schemas take more than " + MAX_STEPS + " steps to compare");
            }
            keywordGaps(one, reader, found);
        }
        open.remove(claim);
        List<SchemaDifference> gaps = List.copyOf(found);
        settle(claim, gaps, mark);
        return gaps;
    }

    /** What was proven since {@code mark} may rest on a claim that has now failed. */
    private void settle(Claim claim, List<SchemaDifference> gaps, int mark) {
        if (gaps.isEmpty()) {
            proven.add(claim);
            isProven.add(claim);
            return;
        }
        refuted.put(claim, gaps);
        while (proven.size() > mark) {
            isProven.remove(proven.remove(proven.size() - 1));
        }
    }

    /** The same for a part of the value: a property or an item. */
    List<SchemaDifference> gapsInside(Known known, SchemaNode reader) {
        depth++;
        try {
            return gaps(known, reader);
        } finally {
            depth--;
        }
    }

    private static boolean follows(Known known, SchemaNode reader) {
        return known.satisfied().stream().anyMatch(schema -> SameMeaning.of(schema, reader));
    }

    private void keywordGaps(Known known, SchemaNode reader, Set<SchemaDifference> found) {
        if (!reader.node().isObject()) {
            found.add(broken(
                    "false",
                    "the " + reader() + " schema allows nothing here, the " + writer() + " one "
                            + JsonKind.words(known.kinds())));
            return;
        }
        List<JsonNode> values = known.values();
        for (String keyword : reader.keywords()) {
            if (values != null && values.stream().allMatch(v -> satisfies(v, reader, keyword))) {
                continue;
            }
            if (values == null || !listsRefused(values, reader, keyword, found)) {
                found.addAll(keywordGaps(known, reader, keyword));
            }
        }
    }

    private static boolean satisfies(JsonNode value, SchemaNode reader, String keyword) {
        return ConstantCheck.check(value, reader, keyword) == ConstantCheck.Verdict.VALID;
    }

    /** Says which of the writer's listed values a keyword refuses, unless it is about their parts. */
    private boolean listsRefused(
            List<JsonNode> values, SchemaNode reader, String keyword, Set<SchemaDifference> found) {
        List<JsonNode> refusedValues = values.stream()
                .filter(v -> ConstantCheck.check(v, reader, keyword) == ConstantCheck.Verdict.INVALID)
                .toList();
        if (refusedValues.isEmpty() || keyword.equals("allOf") || keyword.equals("$ref")) {
            return false;
        }
        String shown = String.join(
                ", ", refusedValues.stream().limit(10).map(JsonNode::toString).toList());
        found.add(broken(
                keyword,
                "the " + writer() + " schema allows " + shown + (refusedValues.size() > 10 ? ", …" : "") + ", the "
                        + reader() + " one does not"));
        return true;
    }

    private List<SchemaDifference> keywordGaps(Known known, SchemaNode reader, String keyword) {
        return switch (keyword) {
            case "$ref" ->
                reader.reference().map(target -> gaps(known, target)).orElseGet(() -> opaque(known, reader, keyword));
            case "type", "enum", "const", "pattern", "format", "contentEncoding", "contentMediaType" ->
                scalars.gaps(known, reader, keyword);
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength" ->
                scalars.limitGaps(known, reader, keyword);
            case "properties",
                    "patternProperties",
                    "additionalProperties",
                    "propertyNames",
                    "required",
                    "minProperties",
                    "maxProperties",
                    "dependentRequired",
                    "dependentSchemas",
                    "dependencies" ->
                known.kinds().contains(JsonKind.OBJECT) ? objects.gaps(known, reader, keyword) : List.of();
            case "items",
                    "prefixItems",
                    "additionalItems",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "contains",
                    "minContains",
                    "maxContains" ->
                known.kinds().contains(JsonKind.ARRAY) ? arrays.gaps(known, reader, keyword) : List.of();
            case "allOf", "anyOf", "oneOf", "not", "if", "then", "else" -> choices.gaps(known, reader, keyword);
            default -> opaque(known, reader, keyword);
        };
    }

    /** For a keyword that is not understood: the writer must have the same one. */
    List<SchemaDifference> opaque(Known known, SchemaNode reader, String keyword) {
        boolean local = !keyword.startsWith("unevaluated"); // that one's meaning lies in what stands beside it
        if (local && known.satisfied().stream().anyMatch(schema -> SameMeaning.of(schema, reader, keyword))) {
            return List.of();
        }
        return List.of(unproven(keyword, "the schemas differ at " + keyword + ", or at what stands beside it"));
    }

    String writer() {
        return direction == Direction.BACKWARD ? "old" : "new";
    }

    String reader() {
        return direction == Direction.BACKWARD ? "new" : "old";
    }

    Policy policy() {
        return policy;
    }

    SchemaDifference broken(String keyword, String message) {
        return difference(keyword, Certainty.BROKEN, message);
    }

    SchemaDifference unproven(String keyword, String message) {
        return difference(keyword, Certainty.UNPROVEN, "cannot be proven compatible: " + message);
    }

    private SchemaDifference difference(String keyword, Certainty certainty, String message) {
        String pointer = keyword.isEmpty() ? "" : "/" + token(keyword);
        return new SchemaDifference(direction, "", pointer, keyword, certainty, message);
    }

    /** A name as a JSON Pointer has it. */
    static String token(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Whether no value can be what is known of one and of the other. */
    boolean disjoint(Known a, Known b) {
        return new Disjointness(this).disjoint(a, b);
    }

    /** Goes into a part of a value, unless that is deep enough; ended by {@link #shallower}. */
    boolean deeper() {
        if (++steps > MAX_STEPS || apart >= MAX_APART) {
            return false;
        }
        apart++;
        return true;
    }

    void shallower() {
        apart--;
    }

    private record Claim(Known known, SchemaNode reader) {}

    /** A number under a keyword of a schema, or null. */
    static @Nullable JsonNode number(SchemaNode schema, String keyword) {
        return schema.get(keyword).isNumber() ? schema.get(keyword) : null;
    }
}
