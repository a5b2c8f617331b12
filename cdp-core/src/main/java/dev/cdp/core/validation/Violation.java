package dev.cdp.core.validation;

/**
 * One way in which a payload is not what the catalog says. It never holds a value of the payload.
 *
 * @param path JSON Pointer of the field in the payload, empty for the payload as a whole
 * @param keyword the keyword that refuses it: one of JSON Schema's, {@code x-json} for what is not JSON, {@code
 *     x-event} for an unknown event, {@code x-version} for an unknown version, {@code x-column} for what its column
 *     cannot hold, {@code x-limit} for what could not be checked within bounds
 * @param message what was expected and what kind of thing was found, to be read
 * @param expected what the keyword asks for, to be worked with: its value in the schema as JSON of at most 120 characters,
 *     the column's type for {@code x-column}, empty for what no schema says
 * @param found the JSON type of what stands there: {@code string}, {@code integer}, {@code number}, {@code boolean},
 *     {@code array}, {@code object}, {@code null}, or {@code nothing}; empty for what no value of the payload decides
 * @param schemaLocation where the keyword stands: document and JSON Pointer, for {@code x-column} the column as {@code
 *     database.table.column}; empty where nothing was looked up
 */
public record Violation(
        String path, String keyword, String message, String expected, String found, String schemaLocation) {

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

    /** What neither a schema nor a single value of the payload decides. */
    public Violation(String path, String keyword, String message) {
        this(path, keyword, message, "", "", "");
    }

    /**
     * What is wrong, by an id that never changes and does not depend on how a schema says it: {@code missing-property},
     * {@code undeclared-property}, {@code wrong-type}, {@code not-listed}, {@code out-of-range}, {@code wrong-length},
     * {@code wrong-format}, {@code wrong-items}, {@code wrong-properties}, {@code no-alternative}, {@code forbidden},
     * {@code not-json}, {@code unknown-event}, {@code unknown-version}, {@code not-insertable}, {@code not-checked}, or
     * {@code refused} for a keyword that is none of these.
     */
    public String code() {
        return switch (keyword) {
            case "required", "dependentRequired", "dependencies" -> "missing-property";
            case "additionalProperties", "unevaluatedProperties" -> "undeclared-property";
            case "type" -> "wrong-type";
            case "enum", "const" -> "not-listed";
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" -> "out-of-range";
            case "minLength", "maxLength" -> "wrong-length";
            case "pattern", "format" -> "wrong-format";
            case "items",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "contains",
                    "minContains",
                    "maxContains",
                    "additionalItems",
                    "unevaluatedItems" -> "wrong-items";
            case "minProperties", "maxProperties", "propertyNames" -> "wrong-properties";
            case "anyOf", "oneOf" -> "no-alternative";
            case "not", "false" -> "forbidden";
            case JSON -> "not-json";
            case EVENT -> "unknown-event";
            case VERSION -> "unknown-version";
            case COLUMN -> "not-insertable";
            case LIMIT -> "not-checked";
            default -> "refused";
        };
    }

    @Override
    public String toString() {
        return (path.isEmpty() ? "payload" : path) + ": " + message + " [" + keyword + "]";
    }
}
