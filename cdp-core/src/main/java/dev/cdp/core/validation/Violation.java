package dev.cdp.core.validation;

/**
 * One way in which a payload is not what the catalog says. It never holds a value of the payload.
 *
 * @param path JSON Pointer of the field in the payload, empty for the payload as a whole
 * @param keyword the keyword that refuses it: one of JSON Schema's, {@code x-json} for what is not JSON, {@code
 *     x-event} for an unknown event, {@code x-version} for an unknown version, {@code x-column} for what its column
 *     cannot hold, {@code x-limit} for what could not be checked within bounds
 * @param message what was expected and what kind of thing was found
 * @param schemaLocation where the keyword stands: document and JSON Pointer, else empty
 */
public record Violation(String path, String keyword, String message, String schemaLocation) {

    /** What is not JSON in UTF-8. */
    public static final String JSON = "x-json";

    /** An event that the catalog does not know. */
    public static final String EVENT = "x-event";

    /** A version that the catalog does not know. */
    public static final String VERSION = "x-version";

    /** A value that its column cannot hold. */
    public static final String COLUMN = "x-column";

    /** A value that could not be checked within bounds. */
    public static final String LIMIT = "x-limit";

    @Override
    public String toString() {
        return (path.isEmpty() ? "payload" : path) + ": " + message + " [" + keyword + "]";
    }
}
