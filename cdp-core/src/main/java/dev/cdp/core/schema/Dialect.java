package dev.cdp.core.schema;

import java.util.Arrays;
import java.util.Optional;

/** The drafts of JSON Schema that a schema may be written in. */
public enum Dialect {
    /** Draft-07, {@code http://json-schema.org/draft-07/schema#}. */
    DRAFT_7("http://json-schema.org/draft-07/schema"),
    /** Draft 2020-12, the default. */
    DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema");

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
        return Arrays.stream(values()).filter(d -> d.id.equals(bare)).findFirst();
    }
}
