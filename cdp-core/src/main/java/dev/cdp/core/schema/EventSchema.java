package dev.cdp.core.schema;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

import dev.cdp.core.event.EventBinding;
import dev.cdp.core.schema.InvalidSchemaException.Finding;
import tools.jackson.databind.JsonNode;

/** The JSON Schema of one version of an event, with every document that it refers to. Immutable. */
public final class EventSchema {

    private static final String AVRO = ".avsc";
    private static final int MAX_COLUMNS = 1_000;
    private static final int MAX_FINDINGS = 100;

    private final URI location;
    private final Dialect dialect;
    private final Map<URI, String> documents;
    private final List<Column> columns;
    private final Set<String> pointers;
    private final boolean narrowed;
    private final PersonalFields personal;
    private final String hash;

    private EventSchema(
            URI location,
            Dialect dialect,
            Map<URI, String> documents,
            List<Column> columns,
            boolean narrowed,
            PersonalFields personal,
            String hash) {
        this.narrowed = narrowed;
        this.location = location;
        this.dialect = dialect;
        this.documents = Map.copyOf(documents);
        this.columns = columns;
        this.pointers = new HashSet<>();
        columns.forEach(column -> pointers.add(column.pointer()));
        this.personal = personal;
        this.hash = hash;
    }

    /**
     * The schema in a file of a catalog: a JSON Schema, or what an Avro record in an {@code .avsc} says as one.
     *
     * @throws InvalidSchemaException if it, or what it refers to, cannot be read or is refused
     */
    public static EventSchema load(SchemaSource source, String path) {
        String problem;
        try {
            String text = SchemaDocuments.decode(source.read(path));
            return path.endsWith(AVRO) ? parseAvro(source, path, text) : parse(source, path, text);
        } catch (CharacterCodingException e) {
            problem = "expected UTF-8; save the file in that encoding";
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        throw new InvalidSchemaException(path, List.of(new Finding("schema-file", path, "", 0, 0, problem)));
    }

    /** What is found in the JSON Schema of an Avro schema has no line of its own in the file. */
    private static EventSchema parseAvro(SchemaSource source, String path, String text) {
        try {
            return parse(source, path, AvroSchemas.jsonSchema(path, text));
        } catch (InvalidSchemaException e) {
            throw new InvalidSchemaException(
                    path,
                    e.findings().stream()
                            .map(f -> new Finding(f.rule(), f.document(), f.pointer(), 0, 0, f.message()))
                            .toList());
        } catch (NoClassDefFoundError e) {
            String missing = "an Avro schema needs the Avro library; add org.apache.avro:avro to the class path";
            throw new InvalidSchemaException(path, List.of(new Finding("schema-avro", path, "", 0, 0, missing)));
        }
    }

    /**
     * A schema of that text, as if it stood in the file {@code path} of a catalog.
     *
     * @throws InvalidSchemaException if it, or what it refers to, is refused
     */
    public static EventSchema parse(SchemaSource source, String path, String text) {
        URI location = SchemaDocuments.location(path);
        SchemaDocuments documents = SchemaDocuments.load(source, path, text);
        List<Finding> findings = new ArrayList<>(documents.findings());
        throwIfAny(path, findings);
        JsonNode root = documents.document(location);
        Dialect dialect = dialect(documents, root, findings);
        findings.addAll(KeywordForms.check(documents, dialect, root));
        findings.addAll(SchemaGate.check(documents, root));
        throwIfAny(path, findings);
        Composition composition = new Composition(documents, root);
        List<ColumnDerivation.Derived> derived = ColumnDerivation.derive(
                root,
                composition,
                (schema, problem) -> findings.add(
                        documents.finding("column-type", schema, "/" + ColumnDerivation.OVERRIDE, problem)));
        List<Column> columns =
                derived.stream().map(ColumnDerivation.Derived::column).toList();
        if (columns.size() > MAX_COLUMNS) {
            findings.add(documents.finding(
                    "schema-size",
                    root,
                    "",
                    "has " + columns.size() + " fields, at most " + MAX_COLUMNS
                            + " fit a table; keep free-form parts as objects without properties"));
        }
        throwIfAny(path, findings);
        PersonalFields personal = PersonalFields.of(documents, root);
        boolean narrowed = !ColumnDerivation.objectsOnly(root, composition)
                || derived.stream().anyMatch(column -> column.by() == ColumnDerivation.By.NARROWER_NAME);
        String hash = SchemaHash.of(documents, dialect, root);
        return new EventSchema(location, dialect, documents.texts(), columns, narrowed, personal, hash);
    }

    private static Dialect dialect(SchemaDocuments documents, JsonNode root, List<Finding> findings) {
        JsonNode declared = root.path("$schema");
        if (declared.isMissingNode()) {
            return Dialect.DRAFT_2020_12;
        }
        Optional<Dialect> dialect = Dialect.of(declared.asString(""));
        if (dialect.isEmpty()) {
            findings.add(documents.finding(
                    "schema-dialect",
                    root,
                    "/$schema",
                    "expected " + Dialect.DRAFT_2020_12.id() + " or " + Dialect.DRAFT_7.id() + "#, found '"
                            + SchemaDocuments.shown(declared.asString("")) + "'"));
        }
        return dialect.orElse(Dialect.DRAFT_2020_12);
    }

    private static void throwIfAny(String path, List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new InvalidSchemaException(
                    path, findings.stream().distinct().limit(MAX_FINDINGS).toList());
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

    /** What payloads look like, as far as a Java type can say it. It is read anew each time. */
    public ValueShape shape() {
        return ShapeReader.read(SchemaGraph.of(this));
    }

    /**
     * Every way in which a class differs from it, as far as that can be seen before there is an object: properties that
     * it requires and the class does not write, values of another type, and properties that it does not declare. An
     * object takes undeclared ones where {@code additionalProperties} or {@code patternProperties} says so.
     */
    public List<String> mismatches(EventBinding<?> binding) {
        return new BindingComparison(BindingComparison.Use.WRITE).mismatches(binding.written(), shape());
    }

    /**
     * Every way in which valid payloads do not become objects of a class, as far as that can be seen before there is a
     * payload: values of a type that the class does not read, and properties of the class that the schema does not
     * declare. A class may leave properties out.
     */
    public List<String> readMismatches(EventBinding<?> binding) {
        return binding.definitionProblem()
                .map(List::of)
                .orElseGet(
                        () -> new BindingComparison(BindingComparison.Use.READ).mismatches(binding.written(), shape()));
    }

    /**
     * Whether the value at a JSON Pointer tells about a person: it, or one that it stands in, is tagged {@code x-pii}.
     * An array's index may be any number. Of what the schema does not declare nothing is known, and the answer is no.
     */
    public boolean personal(String pointer) {
        return personal.contains(pointer);
    }

    /**
     * How many segments of a JSON Pointer may be shown: below an {@code x-pii} field a name that the schema does not declare is
     * the sender's own, and may tell about a person.
     *
     * @param isIndex whether a segment, counted from 0, stands in an array
     */
    public int shownSegments(String pointer, IntPredicate isIndex) {
        return personal.shown(pointer, isIndex);
    }

    /**
     * SHA-256 of what it says, hex: of every part that its root reaches, however that is written and wherever it
     * stands. Descriptions do not count.
     */
    public String hash() {
        return hash;
    }
}
