package dev.cdp.core.schema;

/**
 * One way in which two versions of a schema do not allow the same.
 *
 * @param breaks which way of reading it breaks
 * @param field JSON Pointer of the field in a payload, {@code *} for any item or any property; empty for the payload
 * @param pointer JSON Pointer of the keyword in the schema that reads, as if every {@code $ref} were written out
 * @param keyword the keyword that refuses what the other schema allows
 * @param certainty whether it is known or only cannot be ruled out
 * @param message what changed, with {@code old} and {@code new} for the two schemas
 */
public record SchemaDifference(
        Direction breaks, String field, String pointer, String keyword, Certainty certainty, String message) {

    /** The way of reading that a difference breaks. */
    public enum Direction {
        /** The new schema reads data of the old one. */
        BACKWARD,
        /** The old schema reads data of the new one. */
        FORWARD
    }

    /** How sure a difference is. */
    public enum Certainty {
        /** The writing schema allows values that the reading one refuses. */
        BROKEN,
        /** That all values fit cannot be proven. */
        UNPROVEN
    }

    /** The same difference of a schema that stands deeper by that much. */
    SchemaDifference under(String fieldPrefix, String pointerPrefix) {
        return new SchemaDifference(breaks, fieldPrefix + field, pointerPrefix + pointer, keyword, certainty, message);
    }

    @Override
    public String toString() {
        return (field.isEmpty() ? "payload" : field) + ": " + message + " [" + breaks + ", " + pointer + "]";
    }
}
