package dev.cdp.core.schema;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The trees of one schema and of all that it refers to. */
final class SchemaGraph {

    private static final Set<String> BEYOND_PROOF =
            Set.of("$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor");

    private final SchemaDocuments documents;
    private final Dialect dialect;
    private final JsonNode root;

    private SchemaGraph(SchemaDocuments documents, Dialect dialect, JsonNode root) {
        this.documents = documents;
        this.dialect = dialect;
        this.root = root;
    }

    /** Reads a schema's documents again; an event keeps their texts and not their trees. */
    static SchemaGraph of(EventSchema schema) {
        Map<URI, String> texts = schema.documents();
        SchemaSource source = path -> {
            String text = texts.get(SchemaDocuments.location(path));
            if (text == null) {
                throw new IOException("there is no document " + path);
            }
            return text.getBytes(StandardCharsets.UTF_8);
        };
        String path = SchemaDocuments.path(schema.location());
        SchemaDocuments documents = SchemaDocuments.load(source, path, schema.text());
        return new SchemaGraph(documents, schema.dialect(), documents.document(schema.location()));
    }

    Dialect dialect() {
        return dialect;
    }

    SchemaNode root() {
        return new SchemaNode(this, root);
    }

    /** What a {@code $ref} names; empty for the dialects' own schemas, which are not read. */
    Optional<SchemaNode> target(JsonNode node) {
        return Optional.ofNullable(documents.target(node)).map(target -> new SchemaNode(this, target));
    }

    /** Where a schema stands, as {@code file#/pointer}. */
    String place(JsonNode node) {
        return documents.place(node);
    }

    /** A keyword whose meaning depends on more than the schema it stands in, or null if there is none. */
    @Nullable
    String beyondProof() {
        for (URI uri : documents.texts().keySet()) {
            String found = beyondProof(documents.document(uri));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String beyondProof(JsonNode node) {
        for (var property : node.properties()) {
            String name = property.getKey();
            JsonNode value = property.getValue();
            boolean otherDraft = name.equals("$schema")
                    && value.isString()
                    && Dialect.of(value.asString()).orElse(dialect) != dialect;
            boolean openApiNull = name.equals("nullable") && value.isBoolean() && value.asBoolean();
            if (otherDraft || openApiNull || (BEYOND_PROOF.contains(name) && value.isString())) {
                return otherDraft ? "$schema " + value.asString() : name;
            }
        }
        for (JsonNode child : node) {
            String found = beyondProof(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
