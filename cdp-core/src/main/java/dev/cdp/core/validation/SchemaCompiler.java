package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cdp.core.schema.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Compiles schemas into checks: what is said about a value as a whole. What is said about one type of value is
 * {@link TypeCompiler}'s. Used by one thread.
 */
final class SchemaCompiler {

    private static final int MAX_CHECKS = 50_000;
    private static final int MAX_DEPTH = 200;

    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$anchor",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "self");
    private static final Set<String> COMMON = Set.of(
            "$ref",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "items",
            "contains",
            "uniqueItems",
            "minItems",
            "maxItems",
            "enum",
            "const",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else");
    private static final Set<String> ONLY_7 = Set.of("additionalItems", "dependencies");
    private static final Set<String> ONLY_2020_12 = Set.of(
            "prefixItems",
            "minContains",
            "maxContains",
            "dependentRequired",
            "dependentSchemas",
            "$dynamicAnchor",
            "contentMediaType",
            "contentEncoding",
            "contentSchema");

    private final SchemaIndex index;
    private final Dialect dialect;
    private final IdentityHashMap<JsonNode, Check> compiled = new IdentityHashMap<>();
    private int checks;
    private int depth;
    private boolean complete = true;

    SchemaCompiler(SchemaIndex index, Dialect dialect) {
        this.index = index;
        this.dialect = dialect;
    }

    /** Whether everything compiled so far was understood. */
    boolean complete() {
        return complete;
    }

    Dialect dialect() {
        return dialect;
    }

    /**
     * The check of a document's root, unless its {@code $schema} names keywords of its own or it goes in circles.
     *
     * @param fields whose places are to be kept, if any
     */
    Check compileRoot(JsonNode root, @Nullable FieldTree fields) {
        JsonNode dialectUri = root.get("$schema");
        if (dialectUri != null && dialectUri.isString() && index.definesVocabulary(dialectUri.asString())) {
            return unknown();
        }
        return InPlaceCycles.exist(root, index) ? unknown() : compile(root, fields);
    }

    /** The check of a schema; the same one for the same node. */
    Check compile(JsonNode schema) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? AnyCheck.INSTANCE : Check.Never.INSTANCE;
        }
        Check known = compiled.get(schema);
        if (known != null) {
            return known;
        }
        if (!schema.isObject() || ++checks > MAX_CHECKS || depth > MAX_DEPTH) {
            return unknown();
        }
        InPlaceCheck.Ref around = new InPlaceCheck.Ref();
        compiled.put(schema, around);
        depth++;
        Check check = compileObject(schema, null);
        depth--;
        around.resolve(check);
        compiled.put(schema, check);
        return check;
    }

    /** The check of the schema of one place in a payload, which keeps the places of the fields below it. */
    Check compile(JsonNode schema, @Nullable FieldTree fields) {
        if (fields == null || (schema.isBoolean() && !schema.booleanValue())) {
            return compile(schema);
        }
        JsonNode said = schema.isBoolean() ? JsonNodeFactory.instance.objectNode() : schema;
        if (!said.isObject() || ++checks > MAX_CHECKS || depth > MAX_DEPTH) {
            return unknown();
        }
        depth++;
        Check check = compileObject(said, fields);
        depth--;
        return check;
    }

    /** Notes that something is not known, and is unsure of it. */
    Check unknown() {
        complete = false;
        return Check.Unknown.INSTANCE;
    }

    /** Notes that the content of a string cannot be judged. */
    TextCheck unknownText() {
        complete = false;
        return TextCheck.Unknown.INSTANCE;
    }

    private Check compileObject(JsonNode schema, @Nullable FieldTree fields) {
        JsonNode ref = schema.get("$ref");
        if (ref != null && dialect == Dialect.DRAFT_7) {
            return compileRef(schema, ref, fields);
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            if (!knows(keyword.getKey())) {
                return unknown();
            }
        }
        try {
            return compileKeywords(schema, fields);
        } catch (MalformedKeyword e) {
            return unknown();
        }
    }

    private boolean knows(String keyword) {
        return COMMON.contains(keyword)
                || ANNOTATIONS.contains(keyword)
                || keyword.startsWith("x-")
                || (dialect == Dialect.DRAFT_7 ? ONLY_7 : ONLY_2020_12).contains(keyword);
    }

    /** A schema that refers to another one has the fields of that one. */
    private Check compileKeywords(JsonNode schema, @Nullable FieldTree fields) {
        List<Check> all = new ArrayList<>();
        JsonNode ref = schema.get("$ref");
        Check typed = new TypeCompiler(this, schema).compile(ref == null ? fields : null);
        if (typed != AnyCheck.INSTANCE) {
            all.add(typed);
        }
        if (ref != null) {
            all.add(compileRef(schema, ref, fields));
        }
        JsonNode allOf = schema.get("allOf");
        if (allOf != null) {
            for (JsonNode branch : branches(allOf)) {
                all.add(compile(branch));
            }
        }
        JsonNode anyOf = schema.get("anyOf");
        if (anyOf != null) {
            all.add(choice(branches(anyOf), Choice.ANY));
        }
        JsonNode oneOf = schema.get("oneOf");
        if (oneOf != null) {
            all.add(choice(branches(oneOf), Choice.ONE));
        }
        JsonNode not = schema.get("not");
        if (not != null) {
            all.add(new InPlaceCheck.Not(compile(not)));
        }
        JsonNode condition = schema.get("if");
        if (condition != null) {
            all.add(new InPlaceCheck.If(
                    compile(condition), compileOptional(schema.get("then")), compileOptional(schema.get("else"))));
        }
        if (all.isEmpty()) {
            return AnyCheck.INSTANCE;
        }
        return all.size() == 1 ? all.get(0) : new InPlaceCheck.All(all.get(0), all.subList(1, all.size()));
    }

    private Check compileOptional(@Nullable JsonNode schema) {
        return schema == null ? AnyCheck.INSTANCE : compile(schema);
    }

    private Check compileRef(JsonNode schema, JsonNode ref, @Nullable FieldTree fields) {
        Optional<JsonNode> target = ref.isString() ? index.resolve(schema, ref.asString()) : Optional.empty();
        return target.map(t -> compile(t, fields)).orElseGet(this::unknown);
    }

    private static List<JsonNode> branches(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            throw new MalformedKeyword();
        }
        List<JsonNode> branches = new ArrayList<>();
        list.forEach(branches::add);
        return branches;
    }

    private enum Choice {
        ANY,
        ONE
    }

    /** A choice between branches; where the value's type leaves only one of them, without trying the others. */
    private Check choice(List<JsonNode> branches, Choice kind) {
        List<Check> checks = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        int overlap = 0;
        int union = 0;
        for (JsonNode branch : branches) {
            int type = typesOf(branch, 0);
            overlap |= union & type;
            union |= type;
            types.add(type);
            checks.add(compile(branch));
        }
        if (overlap == ValueTypes.ALL) {
            return choose(checks, kind);
        }
        Check[] byType = new Check[ValueTypes.COUNT];
        for (int i = 0; i < byType.length; i++) {
            List<Check> possible = new ArrayList<>();
            for (int k = 0; k < checks.size(); k++) {
                if ((types.get(k) & 1 << i) != 0) {
                    possible.add(checks.get(k));
                }
            }
            byType[i] = choose(possible, kind);
        }
        return ValueTypes.switchCheck(byType);
    }

    private static Check choose(List<Check> checks, Choice kind) {
        if (checks.size() < 2) {
            return checks.isEmpty() ? Check.Never.INSTANCE : checks.get(0);
        }
        return kind == Choice.ANY ? new InPlaceCheck.Any(checks) : new InPlaceCheck.One(checks);
    }

    /** The types of values that a schema may pass, as far as that is said in plain words. */
    private int typesOf(JsonNode schema, int hops) {
        JsonNode ref = schema.get("$ref");
        if (ref != null && (dialect == Dialect.DRAFT_7 || !schema.has("type"))) {
            Optional<JsonNode> target =
                    ref.isString() && hops < 8 ? index.resolve(schema, ref.asString()) : Optional.empty();
            return target.map(t -> typesOf(t, hops + 1)).orElse(ValueTypes.ALL);
        }
        JsonNode type = schema.get("type");
        return type == null ? ValueTypes.ALL : ValueTypes.parse(type).orElse(ValueTypes.ALL);
    }

    /** Says that a keyword's value is not what the dialect asks for; the schema around it is then not known. */
    static final class MalformedKeyword extends RuntimeException {

        private static final long serialVersionUID = 1;

        MalformedKeyword() {
            super("malformed keyword", null, false, false);
        }
    }
}
