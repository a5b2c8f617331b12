package dev.cdp.core.schema;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/** What can be said of a schema that is right by itself and may still go wrong. Not thread-safe. */
public final class SchemaLinter {

    private static final Set<String> ANNOTATIONS =
            Set.of("$ref", "$comment", "title", "description", "examples", "default", "deprecated", "x-pii");

    private final SchemaDocuments documents;
    private final JsonNode root;
    private final Composition composition;
    private final List<ColumnDerivation.Derived> derived;
    private final List<SchemaFinding> findings = new ArrayList<>();

    private SchemaLinter(SchemaDocuments documents, JsonNode root) {
        this.documents = documents;
        this.root = root;
        this.composition = new Composition(documents, root);
        this.derived = ColumnDerivation.derive(root, composition, (schema, problem) -> {});
    }

    /** The linter of a schema. */
    public static SchemaLinter of(EventSchema schema) {
        Map<URI, String> texts = schema.documents();
        SchemaSource source = path -> {
            String text = texts.get(SchemaDocuments.location(path));
            if (text == null) {
                throw new IOException(path + " is no document of the schema");
            }
            return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        };
        SchemaDocuments documents =
                SchemaDocuments.load(source, SchemaDocuments.path(schema.location()), schema.text());
        return new SchemaLinter(documents, documents.document(schema.location()));
    }

    /** Every finding about patterns, formats and personal fields. */
    public List<SchemaFinding> check() {
        findings.clear();
        new SubschemaLint(documents, this::add).check(root);
        return List.copyOf(findings);
    }

    /**
     * Every field whose column does not hold all values that the schema lets pass.
     *
     * @param columns those of the table that the event is stored in
     */
    public List<SchemaFinding> insertability(List<Column> columns) {
        findings.clear();
        Map<String, Column> byPointer = new HashMap<>();
        columns.forEach(column -> byPointer.put(column.pointer(), column));
        Insertability insertability = new Insertability(documents, composition);
        for (ColumnDerivation.Derived field : derived) {
            Column column = byPointer.getOrDefault(field.column().pointer(), field.column());
            if (holdsJson(column.type())) {
                add(
                        "json-lossy",
                        owner(field.declared()),
                        "",
                        "field " + SchemaDocuments.shown(field.column().pointer()) + ": the column is "
                                + column.type().sql() + ", which drops nulls and the order of names, and what it would"
                                + " change is refused; x-clickhouse-type: String keeps it as it is");
            }
            insertability
                    .misfit(column.type(), field.declared(), field.by())
                    .ifPresent(misfit -> add(
                            misfit.rule(),
                            owner(field.declared()),
                            "",
                            "field " + SchemaDocuments.shown(field.column().pointer()) + ": " + misfit.message()));
        }
        return List.copyOf(findings);
    }

    private static boolean holdsJson(ColumnType type) {
        if (type instanceof ColumnType.Nullable nullable) {
            return holdsJson(nullable.element());
        }
        if (type instanceof ColumnType.Array array) {
            return holdsJson(array.element());
        }
        if (type instanceof ColumnType.Map map) {
            return holdsJson(map.value());
        }
        return type instanceof ColumnType.Json
                || (type instanceof ColumnType.Tuple tuple
                        && tuple.fields().stream().anyMatch(field -> holdsJson(field.type())));
    }

    /** The schema that says what a field holds, where the one that declares it only refers to it or is put together. */
    private JsonNode owner(JsonNode declared) {
        JsonNode here = declared;
        while (documents.place(here).isEmpty() && here.path("allOf").isArray()) {
            here = here.path("allOf").path(0);
        }
        while (here.path("$ref").isString() && ANNOTATIONS.containsAll(here.propertyNames())) {
            JsonNode target = documents.target(here);
            if (target == null) {
                return here;
            }
            here = target;
        }
        return here;
    }

    /** The texts that the field at a JSON Pointer may hold, where {@code enum} or {@code const} lists them. */
    public Optional<Set<String>> values(String pointer) {
        for (ColumnDerivation.Derived field : derived) {
            FieldFacts facts = FieldFacts.of(documents, field.declared());
            if (field.column().pointer().equals(pointer) && facts.listed()) {
                Set<String> values = new LinkedHashSet<>();
                facts.values().forEach(value -> values.add(value.asString("")));
                return Optional.of(values);
            }
        }
        return Optional.empty();
    }

    private void add(String rule, JsonNode schema, String part, String message) {
        InvalidSchemaException.Finding place = documents.finding(rule, schema, part, message);
        findings.add(new SchemaFinding(rule, place.document(), place.pointer(), place.line(), place.column(), message));
    }

    /** Takes a finding at a schema, or at a part of it. */
    @FunctionalInterface
    interface Report {
        void add(String rule, JsonNode schema, String part, String message);
    }
}
