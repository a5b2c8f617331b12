package dev.cdp.core.registry;

import java.util.Objects;
import java.util.UUID;

/** What a schema is found by. */
public sealed interface SchemaKey {

    /**
     * The id that a registry has given a schema.
     *
     * @param id the id; registries give none below 0
     */
    record Id(int id) implements SchemaKey {
        @Override
        public String toString() {
            return "id " + id;
        }
    }

    /**
     * The GUID of a schema's content, the same in every registry.
     *
     * @param guid the GUID
     */
    record Guid(UUID guid) implements SchemaKey {
        /** Checks that it is there. */
        public Guid {
            Objects.requireNonNull(guid, "guid");
        }

        @Override
        public String toString() {
            return "GUID " + guid;
        }
    }

    /**
     * A version of a subject.
     *
     * @param subject the subject, for example {@code cdp.feed-value}
     * @param version the version, from 1
     */
    record Version(String subject, int version) implements SchemaKey {
        /** Checks both. */
        public Version {
            Subjects.check(subject);
            if (version < 1) {
                throw new IllegalArgumentException("version: expected a number from 1, found " + version);
            }
        }

        @Override
        public String toString() {
            return "version " + version + " of subject " + subject;
        }
    }

    /**
     * The latest version of a subject. The answer changes when a version is registered, so it is remembered only for a
     * while.
     *
     * @param subject the subject
     */
    record Latest(String subject) implements SchemaKey {
        /** Checks the subject. */
        public Latest {
            Subjects.check(subject);
        }

        @Override
        public String toString() {
            return "the latest version of subject " + subject;
        }
    }
}
