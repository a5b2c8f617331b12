package dev.cdp.core.schema;

import java.util.Arrays;
import java.util.Optional;

/** The drafts of JSON Schema that a schema may be written in. */
public enum Dialect {
    /** Draft-07, {@code http://json-schema.org/draft-07/schema#}. */
    DRAFT_7("http://json-schema.org/draft-07/schema"),
    /** Draft 2020-12, the default. */
    DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema");

    /** Iglu's self-describing schemas extend draft-04, of which draft-07 reads everything that they use. */
    private static final String SELF_DESCRIBING =
            "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/";

    private final String id;

    Dialect(String id) {
        this.id = id;
    }

    /** The URI that {@code $schema} names it by, without an empty fragment. */
    public String id() {
        return id;
    }

    /** The dialect of that {@code $schema}. */
    static Optional<Dialect> of(String schemaUri) {
        String bare = schemaUri.endsWith("#") ? schemaUri.substring(0, schemaUri.length() - 1) : schemaUri;
        if (bare.startsWith(SELF_DESCRIBING)) {
            return Optional.of(DRAFT_7);
        }
        return Arrays.stream(values()).filter(d -> d.id.equals(bare)).findFirst();
    }
}
