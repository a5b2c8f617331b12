package dev.cdp.core.registry;

import java.util.List;

/** Tells what a newer version of a schema would break. */
@FunctionalInterface
public interface SchemaComparison {

    /** Every break, in words for a person; empty where the newer one is compatible. */
    List<String> breaks(SchemaDraft older, SchemaDraft newer);
}
