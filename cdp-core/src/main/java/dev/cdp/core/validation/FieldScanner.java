package dev.cdp.core.validation;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fast tier of a schema that keeps the places of columns as well, compiled when somebody first asks for them:
 * publishers and handlers never do. Thread-safe; compiling it twice at once does no harm.
 */
final class FieldScanner {

    private final EventSchema schema;
    private final List<Column> columns;
    private volatile @Nullable Compiled compiled;

    FieldScanner(EventSchema schema, List<Column> columns) {
        this.schema = schema;
        this.columns = columns;
    }

    /** The scanner that fills these places, if there is one for their columns. */
    @SuppressWarnings("ReferenceEquality") // a record's time does not allow to compare the columns one by one
    @Nullable
    FastSchema of(FieldPlaces places) {
        if (places.columns() != columns) {
            return null;
        }
        Compiled known = compiled;
        if (known == null) {
            known = compile();
            compiled = known;
        }
        return known.scanner;
    }

    private Compiled compile() {
        FieldTree fields = FieldTree.of(columns).orElse(null);
        if (fields == null) {
            return new Compiled(null);
        }
        Map<URI, JsonNode> trees = CompiledSchema.trees(schema.documents());
        JsonNode root = Objects.requireNonNull(trees.get(schema.location()));
        FastSchema scanner = FastSchema.compile(root, schema.location(), trees, schema.dialect(), fields);
        return new Compiled(fields.allFound() ? scanner : null);
    }

    /** None where a column's field stands in a part of the schema that is judged apart from the object around it. */
    private record Compiled(@Nullable FastSchema scanner) {}
}
