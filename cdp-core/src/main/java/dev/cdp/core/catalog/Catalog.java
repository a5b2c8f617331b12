package dev.cdp.core.catalog;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Every event that producers, consumers and tables share: the contents of one {@code cdp.yaml} and of the schemas that
 * it names. Immutable and thread-safe.
 */
public final class Catalog {

    private final String name;
    private final URI source;
    private final Map<String, EventDefinition> events;
    private final String hash;

    Catalog(String name, URI source, String yaml, Map<String, EventDefinition> events) {
        this.name = name;
        this.source = source;
        this.events = Collections.unmodifiableMap(new LinkedHashMap<>(events));
        this.hash = hash(yaml, this.events);
    }

    /**
     * Loads a catalog from a file.
     *
     * @throws InvalidCatalogException if it, or a file that it names, is absent or wrong, with every problem found
     */
    public static Catalog load(Path file) {
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
        return CatalogReader.read(files, resource.substring(slash), resource);
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
        return events.values().stream().filter(e -> e.topic().equals(topic)).toList();
    }

    /** Every topic that an event is published to, in the order of the file. */
    public Set<String> topics() {
        Set<String> topics = new LinkedHashSet<>();
        events.values().forEach(event -> topics.add(event.topic()));
        return Collections.unmodifiableSet(topics);
    }

    /** {@code "; did you mean 'x'?"} for a name that is near to one of an event, else empty. */
    public String didYouMean(String eventName) {
        return DidYouMean.hint(eventName, events.keySet());
    }

    /** SHA-256 of the file and of every schema that it names, hex: what "the same catalog" means. */
    public String hash() {
        return hash;
    }

    @Override
    public String toString() {
        return "Catalog[" + name + ", " + events.size() + " events, " + hash.substring(0, 12) + "]";
    }
}
