package dev.cdp.core.validation;

/** The drafts of JSON Schema that a schema may be written in. */
enum Dialect {
    /** Draft-07, {@code http://json-schema.org/draft-07/schema#}. */
    DRAFT_7,
    /** Draft 2020-12. */
    DRAFT_2020_12
}
