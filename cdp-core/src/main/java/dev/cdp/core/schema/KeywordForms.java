package dev.cdp.core.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.schema.InvalidSchemaException.Finding;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds every keyword to the form that the draft's metaschema gives it, in a schema and in all that it contains and
 * refers to. Keywords that the draft does not have may look like anything.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/schema">The metaschema of 2020-12</a>
 * @see <a href="http://json-schema.org/draft-07/schema">The metaschema of draft-07</a>
 */
final class KeywordForms {

    private static final int MAX_FINDINGS = 100;
    private static final Set<String> TYPES =
            Set.of("null", "boolean", "integer", "number", "string", "array", "object");
    private static final Set<String> NOT_IN_DRAFT_7 = Set.of(
            "prefixItems",
            "minContains",
            "maxContains",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedItems",
            "unevaluatedProperties",
            "contentSchema",
            "deprecated",
            "$defs",
            "$anchor",
            "$dynamicRef",
            "$dynamicAnchor");
    private static final Map<String, Form> FORMS = new HashMap<>();

    static {
        put(Form.TEXT, "$ref", "$id", "$schema", "$anchor", "$dynamicRef", "$dynamicAnchor", "$comment", "title");
        put(Form.TEXT, "description", "pattern", "format", "contentEncoding", "contentMediaType");
        put(Form.NUMBER, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
        put(Form.STEP, "multipleOf");
        put(Form.COUNT, "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties");
        put(Form.COUNT, "minContains", "maxContains");
        put(Form.FLAG, "uniqueItems", "readOnly", "writeOnly", "deprecated");
        put(Form.NAMES, "required");
        put(Form.TYPE, "type");
        put(Form.LIST, "enum", "examples");
        put(Form.SCHEMA, "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames");
        put(Form.SCHEMA, "contains", "not", "if", "then", "else", "contentSchema");
        put(Form.SCHEMAS, "allOf", "anyOf", "oneOf", "prefixItems");
        put(Form.SCHEMA_MAP, "properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
        put(Form.NAMES_MAP, "dependentRequired");
        put(Form.DEPENDENCIES, "dependencies");
    }

    private static void put(Form form, String... keywords) {
        for (String keyword : keywords) {
            FORMS.put(keyword, form);
        }
    }

    private final SchemaDocuments documents;
    private final Dialect dialect;
    private final List<Finding> findings = new ArrayList<>();
    private final Deque<JsonNode> open = new ArrayDeque<>();

    private KeywordForms(SchemaDocuments documents, Dialect dialect) {
        this.documents = documents;
        this.dialect = dialect;
    }

    static List<Finding> check(SchemaDocuments documents, Dialect dialect, JsonNode root) {
        KeywordForms forms = new KeywordForms(documents, dialect);
        Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        forms.open.add(root);
        while (!forms.open.isEmpty() && forms.findings.size() < MAX_FINDINGS) {
            JsonNode schema = forms.open.removeFirst();
            if (schema.isObject() && seen.add(schema)) {
                forms.check(schema);
            }
        }
        return forms.findings;
    }

    private void check(JsonNode schema) {
        for (var property : schema.properties()) {
            String keyword = property.getKey();
            JsonNode value = property.getValue();
            Form form = form(keyword);
            String expected = form == null ? null : expected(form, value);
            if (expected != null && findings.size() < MAX_FINDINGS) {
                findings.add(documents.finding(
                        "schema-keyword",
                        schema,
                        "/" + JsonPlace.segment(keyword),
                        keyword + ": expected " + expected + ", found " + found(value)));
            } else if (form != null) {
                enter(form, value);
            }
        }
        JsonNode target = documents.target(schema);
        if (target != null) {
            open.add(target);
        }
    }

    private @Nullable Form form(String keyword) {
        if (keyword.equals("items")) {
            return dialect == Dialect.DRAFT_7 ? Form.ITEMS : Form.SCHEMA;
        }
        if (keyword.equals("additionalItems")) {
            return dialect == Dialect.DRAFT_7 ? Form.SCHEMA : null;
        }
        return dialect == Dialect.DRAFT_7 && NOT_IN_DRAFT_7.contains(keyword) ? null : FORMS.get(keyword);
    }

    private void enter(Form form, JsonNode value) {
        switch (form) {
            case SCHEMA -> open.add(value);
            case SCHEMAS, SCHEMA_MAP, DEPENDENCIES -> value.forEach(open::add);
            case ITEMS -> {
                open.add(value);
                if (value.isArray()) {
                    value.forEach(open::add);
                }
            }
            default -> {}
        }
    }

    /** What a keyword should be, or null if it is. */
    private static @Nullable String expected(Form form, JsonNode value) {
        boolean fits = switch (form) {
            case TEXT -> value.isString();
            case NUMBER -> value.isNumber();
            case STEP -> value.isNumber() && value.decimalValue().signum() > 0;
            case COUNT ->
                JsonKind.of(value) == JsonKind.INTEGER && value.decimalValue().signum() >= 0;
            case FLAG -> value.isBoolean();
            case NAMES -> names(value);
            case TYPE -> isType(value) || (!value.isEmpty() && names(value) && all(value, KeywordForms::isType));
            case LIST -> value.isArray();
            case SCHEMA -> isSchema(value);
            case SCHEMAS -> value.isArray() && !value.isEmpty() && all(value, KeywordForms::isSchema);
            case ITEMS -> isSchema(value) || (value.isArray() && all(value, KeywordForms::isSchema));
            case SCHEMA_MAP -> value.isObject() && all(value, KeywordForms::isSchema);
            case NAMES_MAP -> value.isObject() && all(value, KeywordForms::names);
            case DEPENDENCIES -> value.isObject() && all(value, each -> isSchema(each) || names(each));
        };
        return fits ? null : form.expected;
    }

    private static boolean isSchema(JsonNode value) {
        return value.isObject() || value.isBoolean();
    }

    private static boolean isType(JsonNode value) {
        return value.isString() && TYPES.contains(value.asString());
    }

    private static boolean names(JsonNode value) {
        Set<String> names = new HashSet<>();
        return value.isArray() && all(value, name -> name.isString() && names.add(name.asString()));
    }

    private static boolean all(JsonNode values, java.util.function.Predicate<JsonNode> test) {
        for (JsonNode value : values) {
            if (!test.test(value)) {
                return false;
            }
        }
        return true;
    }

    private static String found(JsonNode value) {
        if (value.isObject() || value.isArray()) {
            return value.isEmpty()
                    ? "an empty " + JsonKind.of(value).type()
                    : "an " + JsonKind.of(value).type();
        }
        return SchemaDocuments.shown(value.toString());
    }

    private enum Form {
        TEXT("a string"),
        NUMBER("a number"),
        STEP("a number above 0"),
        COUNT("a whole number from 0"),
        FLAG("true or false"),
        NAMES("a list of names, each once"),
        TYPE("null, boolean, integer, number, string, array or object, or a list of them"),
        LIST("a list"),
        SCHEMA("a schema"),
        SCHEMAS("a list of one or more schemas"),
        ITEMS("a schema, or a list of schemas"),
        SCHEMA_MAP("a mapping of names to schemas"),
        NAMES_MAP("a mapping of names to lists of names"),
        DEPENDENCIES("a mapping of names to schemas or lists of names");

        private final String expected;

        Form(String expected) {
            this.expected = expected;
        }
    }
}
