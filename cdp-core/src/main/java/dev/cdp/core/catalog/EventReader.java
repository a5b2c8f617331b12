package dev.cdp.core.catalog;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.cdp.core.catalog.Defaults.TableOptions;
import dev.cdp.core.catalog.YamlNode.Mapping;
import dev.cdp.core.catalog.YamlNode.Scalar;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.InvalidSchemaException;
import org.jspecify.annotations.Nullable;

/** Reads one event of {@code cdp.yaml}, with its schemas and its table. */
final class EventReader {

    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final CatalogFiles files;
    private final String file;
    private final Scalar name;
    private final YamlForm form;
    private final URI source;
    private final Defaults defaults;
    private final List<Problem> problems;

    EventReader(
            CatalogFiles files,
            String file,
            Scalar name,
            YamlForm form,
            URI source,
            Defaults defaults,
            List<Problem> problems) {
        this.files = files;
        this.file = file;
        this.name = name;
        this.form = form;
        this.source = source;
        this.defaults = defaults;
        this.problems = problems;
    }

    /** The event, or null where a problem leaves it without a schema. */
    @Nullable
    EventDefinition read() {
        if (!NAME.matcher(name.text()).matches()) {
            form.problem(
                    name, "event-name", "an event's name is lower case letters, digits and '_', found " + name.kind());
        }
        int version = Objects.requireNonNullElse(form.positive("version"), 1);
        String owner = Objects.requireNonNullElse(form.text("owner"), "");
        String description = Objects.requireNonNullElse(form.text("description"), "");
        NavigableMap<Integer, EventSchema> versions = versions(version);
        EventSchema schema = versions.get(version);
        var pointers = pointers(schema);
        String topic = topic("topic", form.text("topic"), defaults.topic().replace("{event}", name.text()));
        String deadLetterTopic = topic(
                "dead-letter-topic",
                form.text("dead-letter-topic"),
                defaults.deadLetterTopic().replace("{topic}", topic));
        int partitions = Objects.requireNonNullElse(form.positive("partitions"), defaults.partitions());
        Mode mode = Objects.requireNonNullElse(Defaults.mode(form), defaults.mode());
        TableDefinition table = table(versions, version);
        Discriminator discriminator = discriminator(schema);
        form.refuseOthers();
        if (schema == null) {
            return null;
        }
        return new EventDefinition(
                name.text(),
                version,
                owner,
                description,
                source,
                versions,
                pointers,
                topic,
                partitions,
                deadLetterTopic,
                mode,
                table,
                discriminator);
    }

    private NavigableMap<Integer, EventSchema> versions(int current) {
        NavigableMap<Integer, EventSchema> versions = new TreeMap<>();
        YamlNode today = form.node("schema");
        if (today == null) {
            form.problemAt(
                    "schema",
                    "missing-key",
                    form.title() + ": 'schema' is missing; name a JSON Schema file, or write the schema inline");
        } else {
            put(versions, current, today);
        }
        for (var entry : form.entries("versions").entrySet()) {
            Scalar number = entry.getKey();
            if (!number.text().matches("[1-9][0-9]{0,8}")) {
                form.problem(number, "bad-value", "versions: expected a version number, found " + number.kind());
            } else if (Integer.parseInt(number.text()) == current) {
                form.problem(number, "version-twice", "versions: " + current + " is the version of 'schema' already");
            } else {
                put(versions, Integer.parseInt(number.text()), entry.getValue());
            }
        }
        return versions;
    }

    private void put(NavigableMap<Integer, EventSchema> versions, int version, YamlNode node) {
        boolean inline = node instanceof Mapping;
        String path = node instanceof Scalar scalar ? scalar.text() : name.text() + "." + version + ".inline.json";
        if (!inline && !(node instanceof Scalar)) {
            form.problem(node, "bad-value", "expected a schema file or an inline schema, found " + node.kind());
            return;
        }
        try {
            EventSchema schema =
                    inline ? EventSchema.parse(files, path, YamlJson.write(node)) : EventSchema.load(files, path);
            versions.put(version, schema);
        } catch (InvalidSchemaException e) {
            e.findings().forEach(finding -> problems.add(problem(finding, node, path)));
        } catch (IllegalArgumentException e) {
            form.problem(node, "bad-value", "'" + DidYouMean.shown(path) + "' is not a file name");
        }
    }

    /** A finding in a file stands there; one in an inline schema, and a file that cannot be read, in the catalog. */
    private Problem problem(InvalidSchemaException.Finding finding, YamlNode node, String path) {
        boolean own = finding.document().equals(path);
        String message =
                form.title() + ": " + (finding.pointer().isEmpty() ? "" : finding.pointer() + ": ") + finding.message();
        if (own && (node instanceof Mapping || finding.rule().equals("schema-file"))) {
            YamlNode at = node.at(finding.pointer());
            return new Problem(file, at.line(), at.column(), finding.rule(), message);
        }
        return new Problem(finding.document(), finding.line(), finding.column(), finding.rule(), message);
    }

    private EventDefinition.Pointers pointers(@Nullable EventSchema schema) {
        String key = pointer(form, "key", schema);
        String time = pointer(form, "time", schema);
        if (time != null && schema != null) {
            schema.columns().stream()
                    .filter(column -> column.pointer().equals(time) && !holdsTime(column.type()))
                    .forEach(column -> form.problemAt(
                            "time",
                            "time-type",
                            "time: " + time
                                    + " must be a string of format date-time, found a field stored as "
                                    + column.type().sql()));
        }
        YamlForm subject = form.form("subject");
        String type = subject.text("type");
        String id = pointer(subject, "id", schema);
        if (form.node("subject") != null && (type == null || id == null)) {
            form.problemAt("subject", "missing-key", "subject: expected { type: …, id: /json/pointer }");
        }
        subject.refuseOthers();
        return new EventDefinition.Pointers(key, time, type, id);
    }

    /** {@code /type}, or {@code { field: /type, value: x }}; by itself the value is the event's name. */
    private @Nullable Discriminator discriminator(@Nullable EventSchema schema) {
        YamlNode node = form.node("discriminator");
        if (node instanceof Scalar) {
            String field = pointer(form, "discriminator", schema);
            return known(field, schema) ? new Discriminator(String.valueOf(field), name.text()) : null;
        }
        YamlForm own = form.form("discriminator");
        String field = pointer(own, "field", schema);
        String value = own.text("value");
        own.refuseOthers();
        if (node != null && own.node("field") == null) {
            form.problemAt(
                    "discriminator", "missing-key", "discriminator: expected { field: /json/pointer, value: … }");
        }
        return known(field, schema)
                ? new Discriminator(String.valueOf(field), Objects.requireNonNullElse(value, name.text()))
                : null;
    }

    private static boolean known(@Nullable String pointer, @Nullable EventSchema schema) {
        return pointer != null && schema != null && schema.declares(pointer);
    }

    private static boolean holdsTime(ColumnType type) {
        return type instanceof ColumnType.DateTime
                || (type instanceof ColumnType.Nullable nullable && nullable.element() instanceof ColumnType.DateTime);
    }

    private static @Nullable String pointer(YamlForm form, String key, @Nullable EventSchema schema) {
        String pointer = form.text(key);
        if (pointer == null || schema == null || schema.declares(pointer)) {
            return pointer;
        }
        List<String> known = schema.columns().stream().map(Column::pointer).toList();
        form.problemAt(
                key,
                "unknown-field",
                key + ": the schema declares no field '" + DidYouMean.shown(pointer) + "'"
                        + (pointer.startsWith("/")
                                ? DidYouMean.hint(pointer, known)
                                : "; a JSON Pointer begins with '/'"));
        return pointer.startsWith("/") ? pointer : null;
    }

    private String topic(String key, @Nullable String own, String byDefault) {
        String topic = own == null ? byDefault : own;
        boolean derived = own == null && key.equals("dead-letter-topic");
        if (!derived && (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals(".."))) {
            form.problemAt(
                    key,
                    "topic-name",
                    key + ": a Kafka topic's name is 1 to 249 of a-z A-Z 0-9 . _ -, found '" + DidYouMean.shown(topic)
                            + "'");
        }
        return topic;
    }

    private @Nullable TableDefinition table(NavigableMap<Integer, EventSchema> versions, int current) {
        if (form.node("table") instanceof Scalar scalar) {
            if (!scalar.text().equals("none")) {
                form.problem(scalar, "bad-value", "table: expected a mapping or 'none', found " + scalar.kind());
            }
            return null;
        }
        YamlForm own = form.form("table");
        String tableName = Objects.requireNonNullElse(own.text("name"), name.text());
        List<Scalar> orderBy = own.texts("order-by");
        TableOptions options = TableOptions.readPart(own).or(defaults.table());
        own.refuseOthers();
        TableColumns columns = new TableColumns(versions, current);
        Set<String> sorted = new HashSet<>();
        columns.problems().forEach(message -> form.problemAt("table", "column-clash", form.title() + ": " + message));
        for (Scalar column : Objects.requireNonNullElse(orderBy, List.<Scalar>of())) {
            if (!versions.containsKey(current)) {
                break; // without its schema nothing is known of its columns
            }
            ColumnType type = columns.type(column.text()).orElse(null);
            if (type == null) {
                own.problem(
                        column,
                        "unknown-column",
                        "order-by: the table has no column " + column.kind()
                                + DidYouMean.hint(column.text(), columns.names()));
            } else if (!sorted.add(column.text())) {
                own.problem(column, "bad-value", "order-by: column " + column.kind() + " is named twice");
            } else if (!sortable(type)) {
                own.problem(
                        column,
                        "key-type",
                        "order-by: column " + column.kind() + " is " + type.sql()
                                + ", and rows are sorted by single values: numbers, texts, times, UUIDs, addresses");
            } else if (columns.optional(column.text())) {
                own.problem(
                        column,
                        "nullable-key",
                        "order-by: column '" + column.text()
                                + "' may be absent, and rows are not sorted by what may be absent; make the field required");
            }
        }
        String database = Objects.requireNonNullElse(options.database(), "cdp");
        for (String identifier : List.of(database, tableName)) {
            boolean derived = identifier.equals(name.text());
            if (!derived && !NAME.matcher(identifier).matches()) {
                own.problemAt(
                        "name",
                        "table-name",
                        "a table's name is lower case letters, digits and '_', found '" + DidYouMean.shown(identifier)
                                + "'");
            }
        }
        return new TableDefinition(
                database,
                tableName,
                columns.columns(),
                orderBy == null
                        ? List.of(TableDefinition.EVENT_TIME)
                        : orderBy.stream().map(Scalar::text).toList(),
                partitionBy(options.partitionBy(), columns, versions.containsKey(current)),
                options.ttl(),
                Objects.requireNonNullElse(options.engine(), TableEngine.MERGE_TREE),
                options.codec());
    }

    private static boolean sortable(ColumnType type) {
        ColumnType bare = ConditionReader.bare(type);
        return bare.comparable() || bare instanceof ColumnType.JsonText;
    }

    private PartitionKey partitionBy(@Nullable Scalar text, TableColumns columns, boolean known) {
        if (text == null || !known) {
            return PartitionKey.MONTHLY; // without its schema nothing is known of its columns
        }
        try {
            return PartitionKey.parse(text.text(), columns::type);
        } catch (IllegalArgumentException e) {
            form.problem(
                    text,
                    "partition-by",
                    form.title() + ": partition-by: " + e.getMessage() + "; expected " + PartitionKeyReader.ALLOWED);
            return PartitionKey.MONTHLY;
        }
    }
}
