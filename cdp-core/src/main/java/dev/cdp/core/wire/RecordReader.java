package dev.cdp.core.wire;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.cdp.core.CdpException;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Discriminator;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventIds;
import dev.cdp.core.registry.SchemaKey;
import dev.cdp.core.registry.SchemaRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as events: CloudEvents binary or structured mode, the bare payload where its discriminator tells the
 * event or its topic carries a single one, and, with a schema registry, values that name their schema as Confluent's serializers do. What a record does
 * not say of itself is filled in so that it is the same at every read. Thread-safe.
 */
public final class RecordReader {

    private static final int MAX_SHOWN = 80;
    private static final int MAX_LISTED = 20;

    private final Catalog catalog;
    private final @Nullable SchemaIds schemaIds;
    private final @Nullable DeadLetterReader deadLetters;

    /** A reader of the events of a catalog. */
    public RecordReader(Catalog catalog) {
        this.catalog = Objects.requireNonNull(catalog, "catalog");
        this.schemaIds = null;
        this.deadLetters = deadLetters(catalog);
    }

    /** A reader of the events of a catalog that asks a registry for the schema ids in records. */
    public RecordReader(Catalog catalog, SchemaRegistry registry) {
        this.catalog = Objects.requireNonNull(catalog, "catalog");
        this.schemaIds = new SchemaIds(Objects.requireNonNull(registry, "registry"), catalog);
        this.deadLetters = deadLetters(catalog);
    }

    /** Every record is a dead letter to the catalog of dead letters. */
    private static @Nullable DeadLetterReader deadLetters(Catalog catalog) {
        return catalog.source().equals(Catalog.DEAD_LETTERS)
                ? catalog.event("dead_letter")
                        .map(definition -> new DeadLetterReader(catalog, definition))
                        .orElse(null)
                : null;
    }

    /**
     * What a record is. Nothing that it holds makes this throw.
     *
     * @throws CdpException always a retryable one, and only with a registry: it cannot be asked for a schema id that is
     *     not known yet, so what the record is cannot be told now, and it is no poison
     */
    public Reading read(IncomingRecord in) {
        if (deadLetters != null) {
            return deadLetters.read(in);
        }
        byte[] value = in.value();
        if (value == null) {
            return new Reading.Tombstone();
        }
        String event = "";
        try {
            Stated stated = Stated.of(in.headers(), value);
            if (stated.type().equals(CloudEvents.PROBE_TYPE)) {
                return new Reading.Probe();
            }
            event = stated.type().isEmpty() ? single(in.topic()) : stated.type();
            SchemaIds.Meaning meaning = meaning(in, stated);
            byte[] payload = meaning == null
                    ? stated.payload()
                    : meaning.json(SchemaFrames.content(in.headers(), stated.payload()));
            EventDefinition definition = definition(in, stated, meaning, payload);
            event = definition.name();
            URI dataSchema = stated.dataSchema(definition.dataSchema());
            return event(in, stated, definition, dataSchema, version(dataSchema, definition, meaning), payload);
        } catch (UnreadableException e) {
            return new Reading.Unknown(e.reason(), String.valueOf(e.getMessage()), shown(event));
        }
    }

    /** What the schema id of a record means; null if it carries none. An envelope is JSON and needs none. */
    private SchemaIds.@Nullable Meaning meaning(IncomingRecord in, Stated stated) throws UnreadableException {
        if (stated.mode() == Stated.Mode.STRUCTURED) {
            return null;
        }
        if (schemaIds == null) {
            if (SchemaFrames.isInFront(stated.payload())) {
                throw UnreadableException.undecodable("the value begins with 0x00, as a schema id does, and this reader"
                        + " has no registry; expected JSON");
            }
            return null;
        }
        SchemaKey key = SchemaFrames.key(in.headers(), stated.payload());
        return key == null ? null : schemaIds.meaning(key, in.topic());
    }

    /** By the event's own name, else by its schema, else by what the topic's discriminators find in the payload. */
    private EventDefinition definition(
            IncomingRecord in, Stated stated, SchemaIds.@Nullable Meaning meaning, byte[] payload)
            throws UnreadableException {
        String name = stated.type();
        if (name.isEmpty() && meaning != null && !meaning.named().isEmpty()) {
            name = named(in, meaning.named());
        }
        Optional<EventDefinition> definition =
                name.isEmpty() ? catalog.eventOn(in.topic(), payload) : catalog.event(name);
        if (definition.isEmpty()) {
            throw new UnreadableException(DeadLetterReason.UNKNOWN_EVENT, unknown(in, name, meaning != null));
        }
        return definition.get();
    }

    /** The first that belongs to the topic: several events may share one schema. */
    private String named(IncomingRecord in, List<SchemaNames.Named> named) {
        return named.stream()
                .map(SchemaNames.Named::event)
                .filter(event -> catalog.event(event)
                        .map(definition -> definition.topic().equals(in.topic()))
                        .orElse(false))
                .findFirst()
                .orElse(named.get(0).event());
    }

    /** By the record's own word, else the version that has the very schema that it was written with, else today's. */
    private static int version(
            @Nullable URI dataSchema, EventDefinition definition, SchemaIds.@Nullable Meaning meaning)
            throws UnreadableException {
        if (definition.dataSchema().equals(dataSchema)) {
            return definition.version();
        }
        OptionalInt carried = dataSchema == null ? OptionalInt.empty() : CloudEvents.version(dataSchema);
        if (carried.isEmpty() && meaning != null) {
            for (SchemaNames.Named named : meaning.named()) {
                if (named.event().equals(definition.name()) && named.versionOrNull() != null) {
                    return named.versionOrNull();
                }
            }
        }
        int version = carried.orElse(definition.version());
        if (definition.schema(version).isEmpty()) {
            throw new UnreadableException(
                    DeadLetterReason.UNKNOWN_VERSION,
                    "version " + version + " of " + definition.name() + " is not in the catalog, which knows "
                            + definition.versions().keySet() + "; add it and redrive");
        }
        return version;
    }

    private Reading event(
            IncomingRecord in,
            Stated stated,
            EventDefinition definition,
            @Nullable URI dataSchema,
            int version,
            byte[] payload)
            throws UnreadableException {
        Instant time = stated.time();
        String subject = stated.subject();
        URI source = stated.source(catalog.source());
        boolean told = time != null && (subject != null || !definition.tellsSubject());
        EventFields fields = told ? null : definition.fields(payload);
        EventAttributes attributes = new EventAttributes(
                stated.id() != null ? stated.id() : EventIds.ofRecord(in.topicId(), in.partition(), in.offset()),
                definition.name(),
                source != null ? source : catalog.source(),
                time != null ? time : time(fields).orElse(in.timestamp()),
                subject != null ? subject : subject(fields).orElse(null),
                dataSchema);
        return new Reading.Known(definition, version, attributes, payload);
    }

    private static Optional<Instant> time(@Nullable EventFields fields) {
        return fields == null ? Optional.empty() : fields.time();
    }

    private static Optional<String> subject(@Nullable EventFields fields) {
        return fields == null ? Optional.empty() : fields.subject();
    }

    /** The name of the only event of a topic, else empty. */
    private String single(String topic) {
        List<EventDefinition> events = catalog.eventsOn(topic);
        return events.size() == 1 ? events.get(0).name() : "";
    }

    private String unknown(IncomingRecord in, String name, boolean hasSchema) {
        if (!name.isEmpty()) {
            return "the catalog has no event '" + shown(name) + "'" + catalog.didYouMean(shown(name));
        }
        String missing = "no " + CloudEvents.TYPE + " header, "
                + (hasSchema ? "neither the title, record name nor subject of its schema names an event, " : "")
                + "and ";
        List<EventDefinition> events = catalog.eventsOn(in.topic());
        List<Discriminator> discriminators = events.stream()
                .map(EventDefinition::discriminator)
                .flatMap(Optional::stream)
                .toList();
        if (discriminators.isEmpty()) {
            return missing + "topic " + in.topic() + " carries " + events.size()
                    + " events, so it cannot be told which one this is";
        }
        List<String> values = discriminators.stream()
                .map(Discriminator::value)
                .limit(MAX_LISTED)
                .toList();
        return missing + "field " + discriminators.get(0).field() + " tells none of the events on topic " + in.topic()
                + "; expected one of " + values + (values.size() < discriminators.size() ? " and others" : "");
    }

    /** A name out of a record is anything at all: what is shown of it is short and printable. */
    private static String shown(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
    }
}
