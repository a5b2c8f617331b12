package dev.cdp.core.validation;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.Dialect;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of an event, in two tiers. What the fast tier accepts is valid and fits its columns; whatever it does not
 * accept is decided, and reported, by the oracle over a tree. Thread-safe.
 */
final class CompiledSchema {

    private static final JsonMapper SCHEMAS = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Absent where a column may hold less than the schema allows, which only a tree can tell. */
    private final @Nullable FastSchema fast;

    private final Oracle oracle;
    private final @Nullable EventSchema schema;
    private final @Nullable ColumnFit fit;
    private final @Nullable FieldScanner scanner;

    private CompiledSchema(
            @Nullable FastSchema fast,
            Oracle oracle,
            @Nullable EventSchema schema,
            @Nullable ColumnFit fit,
            @Nullable FieldScanner scanner) {
        this.schema = schema;
        this.fast = fast;
        this.oracle = oracle;
        this.fit = fit;
        this.scanner = scanner;
    }

    /** One version of an event whose table, if it has one, has these columns. */
    static CompiledSchema of(EventSchema schema, @Nullable ColumnFit fit, List<Column> columns) {
        CompiledSchema both = of(schema.location(), schema.dialect(), schema.documents(), fit);
        if (fit == null) {
            return new CompiledSchema(both.fast, both.oracle, schema, null, null);
        }
        return schema.narrowed()
                ? new CompiledSchema(null, both.oracle, schema, fit, null)
                : new CompiledSchema(both.fast, both.oracle, schema, fit, new FieldScanner(schema, columns));
    }

    /** {@code documents} are all that can be referred to, the schema at {@code location} among them. */
    static CompiledSchema of(URI location, Dialect dialect, Map<URI, String> documents, @Nullable ColumnFit fit) {
        Map<URI, JsonNode> trees = trees(documents);
        Map<URI, String> texts = new HashMap<>();
        trees.forEach((uri, tree) -> texts.put(uri, tree.toString()));
        JsonNode root = Objects.requireNonNull(trees.get(location));
        return new CompiledSchema(
                FastSchema.compile(root, location, trees, dialect),
                Oracle.of(location, dialect, texts),
                null,
                fit,
                null);
    }

    /** Schema documents as their compilers read them. */
    static Map<URI, JsonNode> trees(Map<URI, String> documents) {
        Map<URI, JsonNode> trees = new HashMap<>();
        documents.forEach((uri, text) -> trees.put(uri, inDialect(SCHEMAS.readTree(text))));
        return trees;
    }

    /** A dialect that only extends one of ours is read as ours; the oracle would look for its own description. */
    private static JsonNode inDialect(JsonNode tree) {
        if (tree instanceof ObjectNode object
                && object.path("$schema").asString("").contains("iglucentral.com/")) {
            object.remove("$schema");
        }
        return tree;
    }

    /** Whether the fast tier answers for this payload alone. */
    boolean answersFast(byte[] json) {
        return fast != null && fast.accepts(json, 0, json.length);
    }

    @SuppressWarnings("PMD.AvoidCatchingThrowable") // one record's StackOverflowError is that record's violation
    ValidationReport validate(byte[] json) {
        try {
            return answersFast(json) ? ValidationReport.ok() : report(json);
        } catch (StackOverflowError | RuntimeException e) {
            return ValidationReport.of(Oracle.unvalidated(e));
        }
    }

    /** As {@link #validate(byte[])}, and keeps the places of columns where the fast tier answers. */
    @SuppressWarnings("PMD.AvoidCatchingThrowable") // as there
    ValidationReport validate(byte[] json, FieldPlaces places) {
        try {
            FastSchema placed = scanner == null ? null : scanner.of(places);
            if (placed == null) {
                places.clear();
                return validate(json);
            }
            return placed.find(json, places) ? ValidationReport.ok() : report(json);
        } catch (StackOverflowError | RuntimeException e) {
            places.clear();
            return ValidationReport.of(Oracle.unvalidated(e));
        }
    }

    private ValidationReport report(byte[] json) {
        JsonNode tree;
        try {
            tree = StrictJson.parse(json);
        } catch (StrictJson.MalformedException e) {
            return ValidationReport.of(new Violation("", Violation.JSON, String.valueOf(e.getMessage())));
        }
        List<Violation> violations = oracle.validate(tree);
        if (violations.isEmpty() && fit != null) {
            violations = fit.check(tree);
        }
        if (violations.isEmpty()) {
            return ValidationReport.ok();
        }
        return new ValidationReport(schema == null ? violations : PersonalViolations.masked(schema, tree, violations));
    }
}
