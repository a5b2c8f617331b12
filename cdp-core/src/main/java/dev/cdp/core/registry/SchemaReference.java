package dev.cdp.core.registry;

import java.util.Objects;

/**
 * That a schema uses another one of the same registry.
 *
 * @param name what the schema calls it: the text of a {@code $ref}, or an Avro full name
 * @param subject the subject that it is registered under
 * @param version its version, from 1
 */
public record SchemaReference(String name, String subject, int version) {

    /** Checks all three. */
    public SchemaReference {
        Objects.requireNonNull(name, "name");
        Subjects.check(subject);
        if (version < 1) {
            throw new IllegalArgumentException("version: expected a number from 1, found " + version);
        }
    }

    /** What it is found by. */
    public SchemaKey.Version key() {
        return new SchemaKey.Version(subject, version);
    }
}
