package dev.cdp.core.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A schema as a registry has it.
 *
 * @param idOrNull its id, where the registry told it
 * @param guidOrNull the GUID of its content, where the registry told it
 * @param subjects the subjects and versions that it is known to be registered under; empty where they are not known
 * @param type its language
 * @param text the schema itself
 * @param references the texts of every schema that it uses, directly or not, by the name it is called by; one that
 *     another uses comes before it
 */
public record RegisteredSchema(
        @Nullable Integer idOrNull,
        @Nullable UUID guidOrNull,
        List<SchemaKey.Version> subjects,
        SchemaType type,
        String text,
        Map<String, String> references) {

    /** Copies. */
    public RegisteredSchema {
        subjects = List.copyOf(subjects);
        references = Collections.unmodifiableMap(new LinkedHashMap<>(references));
    }

    /** Its id, where the registry told it. */
    public OptionalInt id() {
        return idOrNull == null ? OptionalInt.empty() : OptionalInt.of(idOrNull);
    }

    /** The GUID of its content, where the registry told it. */
    public Optional<UUID> guid() {
        return Optional.ofNullable(guidOrNull);
    }

    /** How many characters it holds. */
    int size() {
        return text.length()
                + references.values().stream().mapToInt(String::length).sum();
    }

    /** Without the schema's text, which may be long. */
    @Override
    public String toString() {
        return "RegisteredSchema[" + type + ", id " + idOrNull + ", " + subjects + "]";
    }
}
