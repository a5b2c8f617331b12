package dev.cdp.core.schema;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.cdp.core.event.BoundProperty;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.schema.InvalidSchemaException.Finding;
import tools.jackson.databind.JsonNode;

/** The JSON Schema of one version of an event, with every document that it refers to. Immutable. */
public final class EventSchema {

    private static final int MAX_COLUMNS = 1_000;

    private final URI location;
    private final Dialect dialect;
    private final Map<URI, String> documents;
    private final List<Column> columns;
    private final Set<String> pointers;
    private final boolean narrowed;
    private final ObjectShape shape;
    private final String hash;

    private EventSchema(
            URI location,
            Dialect dialect,
            Map<URI, String> documents,
            List<Column> columns,
            boolean narrowed,
            ObjectShape shape) {
        this.narrowed = narrowed;
        this.location = location;
        this.dialect = dialect;
        this.documents = Map.copyOf(documents);
        this.columns = columns;
        this.shape = shape;
        this.pointers = new HashSet<>();
        columns.forEach(column -> pointers.add(column.pointer()));
        this.hash = sha256(new TreeMap<>(documents));
    }

    /**
     * The schema in a file of a catalog.
     *
     * @throws InvalidSchemaException if it, or what it refers to, cannot be read or is refused
     */
    public static EventSchema load(SchemaSource source, String path) {
        try {
            return parse(source, path, SchemaDocuments.decode(source.read(path)));
        } catch (IOException e) {
            String message = e.getMessage() == null ? "not UTF-8" : e.getMessage();
            throw new InvalidSchemaException(path, List.of(new Finding("schema-file", "", 0, 0, message)));
        }
    }

    /**
     * A schema of that text, as if it stood in the file {@code path} of a catalog.
     *
     * @throws InvalidSchemaException if it, or what it refers to, is refused
     */
    public static EventSchema parse(SchemaSource source, String path, String text) {
        URI location = URI.create(SchemaDocuments.SCHEME + path);
        SchemaDocuments documents = SchemaDocuments.load(source, path, text);
        List<Finding> findings = new ArrayList<>(documents.findings());
        throwIfAny(path, findings);
        JsonNode root = documents.document(location);
        Dialect dialect = dialect(root, findings);
        findings.addAll(SchemaGate.check(documents, root));
        throwIfAny(path, findings);
        try {
            ColumnDerivation derivation = ColumnDerivation.of(root, schema -> resolve(documents, schema));
            List<Column> columns = derivation.columns();
            if (columns.size() > MAX_COLUMNS) {
                findings.add(new Finding(
                        "schema-size",
                        "",
                        0,
                        0,
                        "has " + columns.size() + " fields, at most " + MAX_COLUMNS
                                + " fit a table; keep free-form parts as objects without properties"));
                throwIfAny(path, findings);
            }
            ObjectShape shape = ObjectShape.of(root, schema -> resolve(documents, schema));
            return new EventSchema(location, dialect, documents.texts(), columns, derivation.narrowed(), shape);
        } catch (IllegalArgumentException e) {
            throw new InvalidSchemaException(
                    path, List.of(new Finding("column-type", "", 0, 0, String.valueOf(e.getMessage()))));
        }
    }

    private static Dialect dialect(JsonNode root, List<Finding> findings) {
        JsonNode declared = root.path("$schema");
        if (declared.isMissingNode()) {
            return Dialect.DRAFT_2020_12;
        }
        Optional<Dialect> dialect = Dialect.of(declared.asString(""));
        if (dialect.isEmpty()) {
            findings.add(new Finding(
                    "schema-dialect",
                    "/$schema",
                    0,
                    0,
                    "expected " + Dialect.DRAFT_2020_12.id() + " or " + Dialect.DRAFT_7.id() + "#, found '"
                            + declared.asString("") + "'"));
        }
        return dialect.orElse(Dialect.DRAFT_2020_12);
    }

    /** The gate has refused cycles that consume nothing, so this ends. */
    private static JsonNode resolve(SchemaDocuments documents, JsonNode schema) {
        JsonNode here = schema;
        while (here.path("$ref").isString()) {
            JsonNode target = documents.target(here);
            if (target == null) {
                return here;
            }
            here = target;
        }
        return here;
    }

    private static void throwIfAny(String path, List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new InvalidSchemaException(path, findings);
        }
    }

    private static String sha256(Map<URI, String> documents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            documents.forEach((uri, text) -> {
                digest.update(uri.toString().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Where its own document stands among {@link #documents()}. */
    public URI location() {
        return location;
    }

    /** The draft that it is written in. */
    public Dialect dialect() {
        return dialect;
    }

    /** The JSON of every document that it consists of, by each URI that a {@code $ref} may name it by. */
    public Map<URI, String> documents() {
        return documents;
    }

    /** Its own JSON. */
    public String text() {
        return String.valueOf(documents.get(location));
    }

    /** The columns that its fields are stored in, in the schema's order. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Whether a column may hold less than the schema allows, by another cause than the range of its own kind: an {@code
     * x-clickhouse-type}, or a payload that need not be an object.
     */
    public boolean narrowed() {
        return narrowed;
    }

    /** Whether a JSON Pointer names a declared field that holds one value. */
    public boolean declares(String pointer) {
        return pointers.contains(pointer);
    }

    /**
     * The reasons, as far as they can be seen before there is an object, why it would refuse every payload of a class:
     * properties that it requires and the class does not write, and the other way round where it is closed.
     */
    public List<String> mismatches(EventBinding<?> binding) {
        List<BoundProperty> written = binding.properties();
        return written.isEmpty() ? List.of() : shape.mismatches(written);
    }

    /** SHA-256 of all its documents, hex. */
    public String hash() {
        return hash;
    }
}
