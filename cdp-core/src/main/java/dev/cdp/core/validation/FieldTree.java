package dev.cdp.core.validation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cdp.core.schema.Column;
import org.jspecify.annotations.Nullable;

/**
 * The fields of columns by JSON name, as deep as objects are flattened, and whether a compiled schema looks for each.
 * Used by one thread, for one schema.
 */
final class FieldTree {

    private static final int NO_COLUMN = -1;

    private final Map<String, FieldTree> children = new LinkedHashMap<>();
    private int column = NO_COLUMN;
    private boolean found;

    private FieldTree() {}

    /** The tree of these columns; none if a field is a column and holds others, or is two columns. */
    static Optional<FieldTree> of(List<Column> columns) {
        FieldTree root = new FieldTree();
        for (int i = 0; i < columns.size(); i++) {
            FieldTree here = root;
            for (String name : columns.get(i).pointer().substring(1).split("/", -1)) {
                here = here.children.computeIfAbsent(name.replace("~1", "/").replace("~0", "~"), n -> new FieldTree());
            }
            if (here.column != NO_COLUMN) {
                return Optional.empty();
            }
            here.column = i;
        }
        return root.plain() ? Optional.of(root) : Optional.empty();
    }

    private boolean plain() {
        return (column == NO_COLUMN || children.isEmpty())
                && children.values().stream().allMatch(FieldTree::plain);
    }

    /** The names of the fields right below. */
    Iterable<String> names() {
        return children.keySet();
    }

    @Nullable
    FieldTree child(String name) {
        return children.get(name);
    }

    /** Whether it is an object whose fields are columns, and no column itself. */
    boolean inner() {
        return !children.isEmpty();
    }

    /** Notes that a check keeps this field's place; the index of its column. */
    int find() {
        found = true;
        return column;
    }

    /** Notes that this field, with all below it, is in no valid payload. */
    void never() {
        found = true;
        children.values().forEach(FieldTree::never);
    }

    /** Whether the place of every column is kept. */
    boolean allFound() {
        return (column == NO_COLUMN || found) && children.values().stream().allMatch(FieldTree::allFound);
    }
}
