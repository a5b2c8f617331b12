package dev.cdp.core.wire;

import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cdp.core.CdpException;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.RegistryUnavailableException;
import dev.cdp.core.registry.SchemaKey;
import dev.cdp.core.registry.SchemaRegistry;
import dev.cdp.core.registry.SchemaType;
import org.jspecify.annotations.Nullable;

/** What the schema ids in records mean. What an id meant once is remembered, within bounds. Thread-safe. */
final class SchemaIds {

    private static final int MAX_MEANINGS = 10_000;

    private final SchemaRegistry registry;
    private final SchemaNames names;
    private final Cache<Place, Meaning> meanings = Caffeine.newBuilder()
            .maximumSize(MAX_MEANINGS)
            .executor(Runnable::run)
            .build();

    SchemaIds(SchemaRegistry registry, Catalog catalog) {
        this.registry = registry;
        this.names = new SchemaNames(catalog);
    }

    private record Place(SchemaKey key, String topic) {}

    /**
     * What an id means on a topic.
     *
     * @param named the events that it may stand for, the best fit first
     * @param avroOrNull decodes values; null for JSON
     */
    record Meaning(List<SchemaNames.Named> named, @Nullable AvroValues avroOrNull) {

        byte[] json(byte[] content) throws UnreadableException {
            return avroOrNull == null ? content : avroOrNull.json(content);
        }
    }

    /** @throws CdpException retryable, if the registry cannot be asked */
    Meaning meaning(SchemaKey key, String topic) throws UnreadableException {
        Place place = new Place(key, topic);
        Meaning known = meanings.getIfPresent(place);
        if (known != null) {
            return known;
        }
        RegisteredSchema schema = schema(key);
        Meaning found = new Meaning(names.of(schema, topic), avro(key, schema));
        meanings.put(place, found);
        return found;
    }

    private RegisteredSchema schema(SchemaKey key) throws UnreadableException {
        RegisteredSchema schema;
        try {
            schema = registry.find(key).orElse(null);
        } catch (CdpException e) {
            if (e.retryable()) {
                throw e;
            }
            throw UnreadableException.undecodable("the schema of " + key + " cannot be used: " + e.getMessage());
        } catch (RuntimeException e) {
            throw new RegistryUnavailableException(
                    registry.getClass().getName() + " threw " + e.getClass().getName() + " for " + key, e);
        }
        if (schema == null) {
            throw new UnreadableException(
                    DeadLetterReason.UNKNOWN_VERSION,
                    "the registry has no schema of " + key + "; register it, or mend what publishes the record, and"
                            + " redrive");
        }
        return schema;
    }

    private static @Nullable AvroValues avro(SchemaKey key, RegisteredSchema schema) throws UnreadableException {
        if (schema.type() == SchemaType.JSON) {
            return null;
        }
        if (schema.type() != SchemaType.AVRO) {
            throw UnreadableException.undecodable("the schema of " + key + " is written in " + schema.type()
                    + ", which is not decoded; publish JSON or Avro");
        }
        try {
            return AvroValues.of(key, schema);
        } catch (LinkageError e) {
            throw UnreadableException.undecodable(
                    "the schema of " + key + " is written in Avro, and the Avro library is"
                            + " not on the class path; add the dependency org.apache.avro:avro and redrive");
        }
    }
}
