package dev.cdp.core.catalog;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.cdp.core.schema.EventSchema;

/**
 * Every event that producers, consumers and tables share: the contents of one {@code cdp.yaml} and of the schemas that
 * it names. Immutable and thread-safe.
 */
public final class Catalog {

    /** The source of dead letters, by which {@link #deadLetters(String)} is told from other catalogs. */
    public static final URI DEAD_LETTERS = URI.create("//cdp/dead-letters");

    private final String name;
    private final URI source;
    private final Map<String, EventDefinition> events;
    private final Map<String, TopicEvents> topics;
    private final Map<String, Dimension> dimensions;
    private final Map<String, Metric> metrics;
    private final Text text;
    private final String hash;

    Catalog(
            String name,
            URI source,
            Map<String, EventDefinition> events,
            Map<String, Dimension> dimensions,
            Map<String, Metric> metrics,
            Text text) {
        this.name = name;
        this.source = source;
        this.events = Collections.unmodifiableMap(new LinkedHashMap<>(events));
        this.topics = topics(events.values());
        this.dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
        this.metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        this.text = text;
        this.hash = hash(text.yaml(), this.events);
    }

    /**
     * Loads a catalog from a file.
     *
     * @throws InvalidCatalogException if it, or a file that it names, is absent or wrong, with every problem found
     */
    public static Catalog load(Path file) {
        return readAll(file).catalogOrThrow();
    }

    /** What can be read of the catalog in a file, and what is wrong with the rest. */
    static CatalogReader.Result readAll(Path file) {
        Path absolute = Objects.requireNonNull(file, "file").toAbsolutePath();
        Path folder = Objects.requireNonNullElse(absolute.getParent(), absolute);
        Path name = absolute.getFileName();
        return CatalogReader.read(CatalogFiles.folder(folder), name == null ? "" : name.toString(), file.toString());
    }

    /**
     * Loads a catalog from the class path, by the context class loader or else cdp's own.
     *
     * @param resource for example {@code cdp/cdp.yaml}
     * @throws InvalidCatalogException if it, or a resource that it names, is absent or wrong, with every problem found
     */
    public static Catalog fromClasspath(String resource) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context != null && context.getResource(resource) != null
                ? context
                : Objects.requireNonNull(Catalog.class.getClassLoader(), "class loader");
        int slash = resource.lastIndexOf('/') + 1;
        CatalogFiles files = CatalogFiles.classpath(loader, resource.substring(0, slash));
        return CatalogReader.read(files, resource.substring(slash), resource).catalogOrThrow();
    }

    /**
     * The catalog by which a consumer reads dead letter topics and a sink stores them: one event, {@code dead_letter}, and
     * its table {@code dead_letters}.
     *
     * @param database the table's database, a name of lower case letters, digits and {@code _}
     */
    public static Catalog deadLetters(String database) {
        if (!EventReader.NAME.matcher(database).matches()) {
            throw new IllegalArgumentException(
                    "database: expected lower case letters, digits and '_', found '" + database + "'");
        }
        CatalogFiles own = CatalogFiles.classpath(
                Objects.requireNonNull(Catalog.class.getClassLoader(), "class loader"), "dev/cdp/core/catalog/");
        CatalogFiles files = path -> new String(own.read(path), StandardCharsets.UTF_8)
                .replace("{database}", database)
                .getBytes(StandardCharsets.UTF_8);
        return CatalogReader.read(files, "dead-letters.yaml", "dead-letters.yaml")
                .catalogOrThrow();
    }

    /**
     * A catalog of a single event that is published nowhere and has no table: what it takes to validate by a bare
     * schema.
     *
     * @param event the event's name
     */
    public static Catalog of(String event, EventSchema schema) {
        URI source = URI.create("//schema");
        NavigableMap<Integer, EventSchema> versions = new TreeMap<>(Map.of(1, schema));
        EventDefinition definition = new EventDefinition(
                event,
                1,
                "",
                "",
                source,
                versions,
                new EventDefinition.Pointers(null, null, null, null),
                event,
                1,
                "dlq." + event,
                Mode.ENFORCE,
                null,
                null);
        Text text = new Text(schema.location().getPath().substring(1), "");
        return new Catalog(event, source, Map.of(event, definition), Map.of(), Map.of(), text);
    }

    /**
     * A catalog of a single event by a bare schema in a file; what it refers to stands beside it.
     *
     * @param event the event's name
     * @throws dev.cdp.core.schema.InvalidSchemaException if the schema, or what it refers to, is absent or refused
     */
    public static Catalog of(String event, Path schema) {
        Path absolute = Objects.requireNonNull(schema, "schema").toAbsolutePath();
        Path folder = Objects.requireNonNullElse(absolute.getParent(), absolute);
        String name = String.valueOf(absolute.getFileName());
        return of(event, EventSchema.load(CatalogFiles.folder(folder), name));
    }

    private static Map<String, TopicEvents> topics(Collection<EventDefinition> events) {
        Map<String, List<EventDefinition>> byTopic = new LinkedHashMap<>();
        events.forEach(event ->
                byTopic.computeIfAbsent(event.topic(), t -> new ArrayList<>()).add(event));
        Map<String, TopicEvents> topics = new LinkedHashMap<>();
        byTopic.forEach((topic, on) -> topics.put(topic, new TopicEvents(on)));
        return Collections.unmodifiableMap(topics);
    }

    private static String hash(String yaml, Map<String, EventDefinition> events) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(yaml.getBytes(StandardCharsets.UTF_8));
            for (EventDefinition event : events.values()) {
                event.versions()
                        .values()
                        .forEach(schema -> digest.update(schema.hash().getBytes(StandardCharsets.UTF_8)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** The CloudEvents source of what is published by it. */
    public URI source() {
        return source;
    }

    /** Every event, in the order of the file. */
    public Collection<EventDefinition> events() {
        return events.values();
    }

    /** The event of that name. */
    public Optional<EventDefinition> event(String eventName) {
        return Optional.ofNullable(events.get(eventName));
    }

    /** The events that are published to a topic, in the order of the file. */
    public List<EventDefinition> eventsOn(String topic) {
        return topics.getOrDefault(topic, TopicEvents.NONE).events();
    }

    /**
     * The event that a payload on a topic is where no header names it: the one whose {@link Discriminator} it carries,
     * or, on a topic without discriminators, the only one there is. Never throws, whatever the payload holds.
     */
    public Optional<EventDefinition> eventOn(String topic, byte[] payload) {
        return topics.getOrDefault(topic, TopicEvents.NONE).of(payload);
    }

    /** Every topic that an event is published to, in the order of the file. */
    public Set<String> topics() {
        return topics.keySet();
    }

    /** Every dimension, in the order of the file. */
    public Collection<Dimension> dimensions() {
        return dimensions.values();
    }

    /** The dimension of that name. */
    public Optional<Dimension> dimension(String dimensionName) {
        return Optional.ofNullable(dimensions.get(dimensionName));
    }

    /** Every metric, in the order of the file. */
    public Collection<Metric> metrics() {
        return metrics.values();
    }

    /** The metric of that name. */
    public Optional<Metric> metric(String metricName) {
        return Optional.ofNullable(metrics.get(metricName));
    }

    /** {@code "; did you mean 'x'?"} for a name that is near to one of an event, else empty. */
    public String didYouMean(String eventName) {
        return DidYouMean.hint(eventName, events.keySet());
    }

    /** What it was read from. */
    Text text() {
        return text;
    }

    /** SHA-256 of the file and of every schema that it names, hex: what "the same catalog" means. */
    public String hash() {
        return hash;
    }

    @Override
    public String toString() {
        return "Catalog[" + name + ", " + events.size() + " events, " + hash.substring(0, 12) + "]";
    }

    /** The file that a catalog was read from, and what stood in it. */
    record Text(String file, String yaml) {}
}
