package dev.cdp.core.schema;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/** Looks at every schema that can be reached from an event's: its pattern, its format, and what it may tell about people. */
final class SubschemaLint {

    private static final int SAFE_LENGTH = 500;
    private static final Set<String> ASSERTED = Set.of(
            "date-time",
            "date",
            "time",
            "duration",
            "email",
            "idn-email",
            "hostname",
            "idn-hostname",
            "ipv4",
            "ipv6",
            "uri",
            "uri-reference",
            "uri-template",
            "iri",
            "iri-reference",
            "uuid",
            "json-pointer",
            "relative-json-pointer",
            "regex");
    private static final Set<String> ONE = Set.of(
            "not",
            "if",
            "then",
            "else",
            "items",
            "additionalItems",
            "contains",
            "additionalProperties",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems", "items");
    private static final Set<String> MAPS = Set.of("patternProperties", "dependentSchemas", "dependencies");

    private final SchemaDocuments documents;
    private final SchemaLinter.Report report;
    private final Set<JsonNode> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Visit> open = new ArrayDeque<>();
    private final Map<String, RegexCost> costs = new HashMap<>();

    SubschemaLint(SchemaDocuments documents, SchemaLinter.Report report) {
        this.documents = documents;
        this.report = report;
    }

    void check(JsonNode root) {
        visit(root, Privacy.OPEN);
        while (!open.isEmpty()) {
            Visit next = open.remove();
            look(next.schema, next.privacy);
        }
    }

    private void visit(JsonNode schema, Privacy around) {
        if (schema.isObject() && visited.add(schema)) {
            open.add(new Visit(schema, schema.path("x-pii").asBoolean(false) ? Privacy.COVERED : around));
        }
    }

    private void look(JsonNode schema, Privacy here) {
        pattern(schema);
        format(schema);
        JsonNode target = schema.path("$ref").isString() ? documents.target(schema) : null;
        if (target != null) {
            visit(target, here);
        }
        for (var entry : schema.properties()) {
            String keyword = entry.getKey();
            JsonNode value = entry.getValue();
            if (keyword.equals("properties")) {
                value.properties().forEach(property -> property(property.getKey(), property.getValue(), here));
            } else if (ONE.contains(keyword) && value.isObject()) {
                visit(value, here);
            } else if (LISTS.contains(keyword) || MAPS.contains(keyword)) {
                value.forEach(child -> visit(child, here));
            }
        }
    }

    private void property(String name, JsonNode declared, Privacy around) {
        Privacy inside = around;
        if (around == Privacy.OPEN && !tagged(declared)) {
            String what =
                    PersonalNames.kind(name, FieldFacts.of(documents, declared)).orElse("");
            if (!what.isEmpty()) {
                inside = Privacy.COVERED; // one finding is enough for all that stands in it
                report.add(
                        "pii-untagged",
                        declared,
                        "",
                        "'" + SchemaDocuments.shown(name) + "' looks like " + what
                                + " and is not tagged; add \"x-pii\": true, so that it stays out of logs and headers");
            }
        }
        visit(declared, inside);
    }

    private boolean tagged(JsonNode declared) {
        JsonNode here = declared;
        while (true) {
            boolean tag = here.has("x-pii") || here.path("allOf").valueStream().anyMatch(part -> part.has("x-pii"));
            JsonNode target = here.path("$ref").isString() ? documents.target(here) : null;
            if (tag || target == null) {
                return tag;
            }
            here = target;
        }
    }

    private void pattern(JsonNode schema) {
        if (schema.path("pattern").isString()) {
            int length = FieldFacts.of(documents, schema).maxLength();
            judge(schema, "/pattern", schema.path("pattern").asString(), length);
        }
        int nameLength = schema.path("propertyNames").path("maxLength").asInt(Integer.MAX_VALUE);
        for (var entry : schema.path("patternProperties").properties()) {
            String part = "/patternProperties/" + JsonPlace.segment(entry.getKey());
            judge(schema, part, entry.getKey(), nameLength);
        }
    }

    private void judge(JsonNode schema, String part, String pattern, int maxLength) {
        String shown = "'" + SchemaDocuments.shown(pattern) + "' ";
        switch (costs.computeIfAbsent(pattern, RegexCost::of)) {
            case EXPONENTIAL ->
                report.add(
                        "pattern-explodes",
                        schema,
                        part,
                        shown + "can match the same text in ever more ways, as a repetition inside a repetition or"
                                + " overlapping alternatives do: a short text that does not match can take for ever;"
                                + " write it so that each character can be taken in one way only");
            case POLYNOMIAL -> {
                if (maxLength > SAFE_LENGTH) {
                    report.add(
                            "pattern-slow",
                            schema,
                            part,
                            shown + "takes time that grows with the square of a text's length or worse; anchor it by"
                                    + " ^ and $, keep neighbouring repetitions from overlapping, or bound the text by"
                                    + " \"maxLength\": " + SAFE_LENGTH);
                }
            }
            case UNKNOWN ->
                report.add(
                        "pattern-unjudged",
                        schema,
                        part,
                        shown + "looks around, refers back or is too large, so its cost was not judged; matching stops"
                                + " after a million steps, and the event is then refused");
            case LINEAR -> {}
        }
    }

    private void format(JsonNode schema) {
        if (!schema.path("format").isString()) {
            return;
        }
        String format = schema.path("format").asString();
        FieldFacts facts = FieldFacts.of(documents, schema);
        if (!ASSERTED.contains(format)) {
            report.add(
                    "format-unasserted",
                    schema,
                    "/format",
                    "nobody asserts a format '" + SchemaDocuments.shown(format)
                            + "', so any text passes; known are those of JSON Schema, else use \"pattern\"");
        } else if (!facts.types().isEmpty() && !facts.types().contains("string")) {
            report.add(
                    "format-unasserted",
                    schema,
                    "/format",
                    "format '" + format + "' is asserted of texts alone, and the field is "
                            + String.join(" or ", new java.util.TreeSet<>(facts.types())));
        }
    }

    /** Whether what stands here is covered by a tag, or by a finding, around it. */
    private enum Privacy {
        OPEN,
        COVERED
    }

    /** A schema to look at; depth costs no stack. */
    private record Visit(JsonNode schema, Privacy privacy) {}
}
