package dev.cdp.core.catalog;

import java.net.URI;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;

import dev.cdp.core.event.Rfc3339;
import dev.cdp.core.schema.EventSchema;
import org.jspecify.annotations.Nullable;

/** What a catalog says about one event. Immutable. */
public final class EventDefinition {

    private final String name;
    private final int version;
    private final String owner;
    private final String description;
    private final URI dataSchema;
    private final NavigableMap<Integer, EventSchema> versions;
    private final String topic;
    private final int partitions;
    private final String deadLetterTopic;
    private final Mode mode;
    private final @Nullable TableDefinition table;
    private final @Nullable Discriminator discriminator;
    private final Pointers pointers;
    private final PayloadReader reader;

    EventDefinition(
            String name,
            int version,
            String owner,
            String description,
            URI source,
            NavigableMap<Integer, EventSchema> versions,
            Pointers pointers,
            String topic,
            int partitions,
            String deadLetterTopic,
            Mode mode,
            @Nullable TableDefinition table,
            @Nullable Discriminator discriminator) {
        this.name = name;
        this.version = version;
        this.owner = owner;
        this.description = description;
        this.dataSchema = URI.create(source + "/" + name + "/" + version);
        this.versions = versions;
        this.topic = topic;
        this.partitions = partitions;
        this.deadLetterTopic = deadLetterTopic;
        this.mode = mode;
        this.table = table;
        this.discriminator = discriminator;
        this.pointers = pointers;
        this.reader = new PayloadReader(pointers.key(), pointers.time(), pointers.subjectId());
    }

    /** Its name, which records carry as {@code ce_type}. */
    public String name() {
        return name;
    }

    /** The version that is published today. */
    public int version() {
        return version;
    }

    /** The team that owns it, else empty. */
    public String owner() {
        return owner;
    }

    /** What it means, else empty. */
    public String description() {
        return description;
    }

    /** The schema that is published today. */
    public EventSchema schema() {
        return schema(version).orElseThrow();
    }

    /** The schema of a version, if the catalog knows it. */
    public Optional<EventSchema> schema(int ofVersion) {
        return Optional.ofNullable(versions.get(ofVersion));
    }

    /** Every version that the catalog knows, ascending. */
    public NavigableMap<Integer, EventSchema> versions() {
        return versions;
    }

    /** The URI of today's schema, which records carry as {@code ce_dataschema}. */
    public URI dataSchema() {
        return dataSchema;
    }

    /** The topic that it is published to; several events may share one. */
    public String topic() {
        return topic;
    }

    /** How many partitions its topic is created with. */
    public int partitions() {
        return partitions;
    }

    /** The topic that its dead letters go to. */
    public String deadLetterTopic() {
        return deadLetterTopic;
    }

    /** What happens to one that its schema refuses. */
    public Mode mode() {
        return mode;
    }

    /** The table of its facts; empty where it has none. */
    public Optional<TableDefinition> table() {
        return Optional.ofNullable(table);
    }

    /** How it is told from others on its topic where no header names it; empty where only a header does. */
    public Optional<Discriminator> discriminator() {
        return Optional.ofNullable(discriminator);
    }

    /** Whether the value at a JSON Pointer of a payload tells about a person, by any version of its schema. */
    public boolean personal(String pointer) {
        return versions.values().stream().anyMatch(schema -> schema.personal(pointer));
    }

    /** Whether its payloads tell what they are about. */
    public boolean tellsSubject() {
        return pointers.subjectId() != null;
    }

    /** Where its key, time and subject stand. */
    Pointers pointers() {
        return pointers;
    }

    /** What a payload says of its key, time and subject. Whatever cannot be read is left out. */
    public EventFields fields(byte[] payload) {
        @Nullable String[] found = reader.read(payload, 3);
        String subjectId = found[2];
        String subjectType = pointers.subjectType();
        String subject = subjectType == null || subjectId == null ? null : subjectType + ":" + subjectId;
        Instant time = found[1] == null ? null : Rfc3339.parse(found[1]);
        return new EventFields(found[0], time, subject);
    }

    @Override
    public String toString() {
        return "EventDefinition[" + name + " v" + version + "]";
    }

    /** Where in a payload its key, its time and its subject's id stand: JSON Pointers. */
    record Pointers(
            @Nullable String key,
            @Nullable String time,
            @Nullable String subjectType,
            @Nullable String subjectId) {}
}
