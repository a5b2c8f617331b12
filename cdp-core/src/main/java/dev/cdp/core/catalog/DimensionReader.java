package dev.cdp.core.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.cdp.core.catalog.YamlNode.Scalar;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/** Reads the dimensions of {@code cdp.yaml}, each a field of at least one event's table. */
final class DimensionReader {

    private final Collection<EventDefinition> events;
    private final Completeness completeness;

    /** {@code completeness} tells whether an event that could not be read might have had a field. */
    DimensionReader(Collection<EventDefinition> events, Completeness completeness) {
        this.events = events;
        this.completeness = completeness;
    }

    /** The dimension of a form, or null where a problem leaves it without a field. */
    @Nullable
    Dimension read(Scalar name, YamlForm form) {
        checkName(name, form, "dimension");
        String path = form.required("path", "/context/geo/country");
        String description = Objects.requireNonNullElse(form.text("description"), "");
        form.refuseOthers();
        Dimension dimension = new Dimension(name.text(), path, description);
        return !path.isEmpty() && reaches(dimension, form) ? dimension : null;
    }

    static void checkName(Scalar name, YamlForm form, String kind) {
        if (!EventReader.NAME.matcher(name.text()).matches()) {
            form.problem(
                    name,
                    kind + "-name",
                    "a " + kind + "'s name is lower case letters, digits and '_', found " + name.kind());
        }
    }

    private boolean reaches(Dimension dimension, YamlForm form) {
        List<Column> columns =
                events.stream().map(dimension::column).flatMap(Optional::stream).toList();
        if (columns.isEmpty()) {
            if (completeness == Completeness.ALL_READ) {
                form.problemAt("path", "unknown-field", unknown(dimension.path()));
            }
            return false;
        }
        if (columns.stream().noneMatch(column -> sliceable(column.type()))) {
            form.problemAt(
                    "path",
                    "dimension-type",
                    "path: " + DidYouMean.shown(dimension.path()) + " is stored as "
                            + columns.get(0).type().sql()
                            + ", a list or JSON, which nothing is sliced by; name a field that holds one value");
            return false;
        }
        return true;
    }

    private String unknown(String path) {
        if (!path.startsWith("/")) {
            return "path: expected a JSON Pointer, which begins with '/', found '" + DidYouMean.shown(path) + "'";
        }
        Set<String> known = new TreeSet<>();
        for (EventDefinition event : events) {
            event.table().ifPresent(table -> table.columns().forEach(column -> known.add(column.pointer())));
        }
        return "path: no event with a table has a field '" + DidYouMean.shown(path) + "'"
                + DidYouMean.hint(path, known);
    }

    /** Whether values of a column can be grouped by. */
    static boolean sliceable(ColumnType type) {
        return ConditionReader.bare(type).comparable();
    }

    /** The dimensions that a metric names in a list, each a field of its fact. */
    static List<Dimension> resolve(
            YamlForm form, EventDefinition fact, Map<String, Dimension> dimensions, Set<String> declared) {
        List<Dimension> by = new java.util.ArrayList<>();
        for (Scalar name : Objects.requireNonNullElse(form.texts("by"), List.<Scalar>of())) {
            Dimension dimension = dimensions.get(name.text());
            if (dimension == null) {
                refuseUnknown(form, name, declared);
                continue;
            }
            Column column = dimension.column(fact).orElse(null);
            if (column == null || !sliceable(column.type())) {
                form.problem(
                        name,
                        "unreachable-dimension",
                        "by: '" + name.text() + "' is " + dimension.path() + ", and '" + fact.name() + "' has "
                                + (column == null ? "no such field" : "a list or JSON there")
                                + "; leave it out, or add the field to the schema");
                continue;
            }
            by.add(dimension);
        }
        return by;
    }

    private static void refuseUnknown(YamlForm form, Scalar name, Set<String> declared) {
        if (!declared.contains(name.text())) {
            form.problem(
                    name,
                    "unknown-dimension",
                    "by: no dimension " + name.kind() + " is declared"
                            + (declared.isEmpty()
                                    ? "; declare it under 'dimensions'"
                                    : DidYouMean.hint(name.text(), declared)));
        }
    }

    /** Whether every event that the catalog declares could be read. */
    enum Completeness {
        ALL_READ,
        SOME_FAILED
    }
}
