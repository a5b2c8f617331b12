package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.schema.EventSchema;

/** The columns of one table: those of today's schema, and those that only older versions have. */
final class TableColumns {

    /** The columns that every table has beside its event's; a field's column may not have such a name. */
    static final Set<String> SYSTEM = Set.of(
            "event_id",
            "event_time",
            "event_version",
            "_unknown",
            "_topic",
            "_topic_id",
            "_partition",
            "_offset",
            "_replay",
            "_loaded_at");

    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    TableColumns(NavigableMap<Integer, EventSchema> versions, int current) {
        EventSchema today = versions.get(current);
        if (today != null) {
            today.columns().forEach(this::add);
        }
        for (var version : versions.descendingMap().entrySet()) {
            if (version.getKey() != current) {
                merge(version.getKey(), version.getValue().columns());
            }
        }
    }

    List<Column> columns() {
        return List.copyOf(columns.values());
    }

    List<String> problems() {
        return problems;
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(SYSTEM);
        names.addAll(columns.keySet());
        return names;
    }

    boolean optional(String name) {
        return Optional.ofNullable(columns.get(name)).map(Column::optional).orElse(false);
    }

    private void add(Column column) {
        if (SYSTEM.contains(column.name())) {
            problems.add("field " + column.pointer() + " would be column '" + column.name()
                    + "', which every table has already; rename the field");
        }
        Column other = columns.putIfAbsent(column.name(), column);
        if (other != null) {
            problems.add("fields " + other.pointer() + " and " + column.pointer() + " would both be column '"
                    + column.name() + "'; rename one of them");
        }
    }

    /** A column that one version lacks, or may leave out, is optional for all. */
    private void merge(int version, List<Column> others) {
        Set<String> present = new LinkedHashSet<>();
        for (Column other : others) {
            present.add(other.name());
            Column column = columns.get(other.name());
            if (column == null) {
                columns.put(other.name(), optional(other));
                continue;
            }
            if (!column.pointer().equals(other.pointer())) {
                problems.add("column '" + column.name() + "' is field " + column.pointer() + " today and field "
                        + other.pointer() + " in version " + version
                        + ", and a row is read from one of them; give one of the fields another name");
                continue;
            }
            ColumnType type = column.type().widened(other.type()).orElse(null);
            if (type == null) {
                problems.add(
                        "column '" + column.name() + "' is " + column.type().sql() + " today and "
                                + other.type().sql() + " in version " + version
                                + "; give the field another name, or both an x-clickhouse-type that holds either");
            } else {
                columns.put(column.name(), new Column(column.name(), column.pointer(), type, column.description()));
            }
        }
        columns.replaceAll((name, column) -> present.contains(name) ? column : optional(column));
    }

    private static Column optional(Column column) {
        return column.optional()
                ? column
                : new Column(column.name(), column.pointer(), nullable(column.type()), column.description());
    }

    private static ColumnType nullable(ColumnType type) {
        if (type instanceof ColumnType.LowCardinality low) {
            return new ColumnType.LowCardinality(new ColumnType.Nullable(low.element()));
        }
        return new ColumnType.Nullable(type);
    }
}
