package dev.cdp.core.validation;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.Dialect;
import dev.cdp.core.schema.FieldPlaces;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Finds where the values of columns stand in payloads, whatever their schema, in one pass over the bytes. It is for
 * payloads that come without the {@link FieldPlaces} of their validation. Thread-safe.
 */
public final class FieldFinder {

    private static final URI ANY = URI.create("cdp:/any");

    private final FastSchema schema;

    private FieldFinder(FastSchema schema) {
        this.schema = schema;
    }

    /** The finder of these columns; none if one of them holds the fields of others. */
    public static Optional<FieldFinder> of(List<Column> columns) {
        return FieldTree.of(columns).map(fields -> {
            FastSchema schema = FastSchema.compile(
                    JsonNodeFactory.instance.objectNode(), ANY, Map.of(), Dialect.DRAFT_2020_12, fields);
            return new FieldFinder(schema);
        });
    }

    /**
     * Fills the places, which are of the columns that it was made for.
     *
     * @return whether they are known: the payload is one JSON object, written in a way that is plain to see, and has no
     *     field without a column
     */
    public boolean find(byte[] json, FieldPlaces places) {
        return schema.find(json, places) && places.known();
    }
}
