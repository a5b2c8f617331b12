package dev.cdp.core.catalog;

import java.nio.charset.StandardCharsets;
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

    /** Of the fields that have no column. */
    static final ColumnType UNKNOWN = new ColumnType.Map(new ColumnType.Text());

    /** The columns that every table has beside its event's; a field's column may not have such a name. */
    private static final Map<String, ColumnType> SYSTEM = Map.ofEntries(
            Map.entry("event_id", new ColumnType.Text()),
            Map.entry("event_time", new ColumnType.DateTime(3)),
            Map.entry("event_version", new ColumnType.Int(32, ColumnType.Int.Sign.UNSIGNED)),
            Map.entry("_unknown", UNKNOWN),
            Map.entry("_topic", new ColumnType.LowCardinality(new ColumnType.Text())),
            Map.entry("_topic_id", new ColumnType.Uuid()),
            Map.entry("_partition", new ColumnType.Int(32, ColumnType.Int.Sign.SIGNED)),
            Map.entry("_offset", new ColumnType.Int(64, ColumnType.Int.Sign.SIGNED)),
            Map.entry("_replay", new ColumnType.Int(32, ColumnType.Int.Sign.UNSIGNED)),
            Map.entry("_loaded_at", new ColumnType.DateTime(3)));

    /** A MergeTree has columns of these names, whether they are seen or not. */
    private static final Set<String> RESERVED = Set.of(
            "_block_number",
            "_block_offset",
            "_row_exists",
            "_part",
            "_part_index",
            "_part_offset",
            "_part_uuid",
            "_partition_id",
            "_partition_value",
            "_sample_factor");

    private static final int MAX_NAME = 200;

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
        divided(List.copyOf(columns.values()));
        columns.values().stream()
                .filter(column -> holdsAbsentTuple(column.type()))
                .forEach(column -> problems.add("field " + DidYouMean.shown(column.pointer())
                        + " is, or holds, a Tuple that may be absent, which ClickHouse does not have; make it required in"
                        + " every version, or leave x-clickhouse-type out"));
    }

    List<Column> columns() {
        return List.copyOf(columns.values());
    }

    List<String> problems() {
        return problems;
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(SYSTEM.keySet());
        names.addAll(columns.keySet());
        return names;
    }

    /** The type of a column of the table, whether a field's or not. */
    Optional<ColumnType> type(String name) {
        ColumnType system = SYSTEM.get(name);
        return system != null
                ? Optional.of(system)
                : Optional.ofNullable(columns.get(name)).map(Column::type);
    }

    boolean optional(String name) {
        return Optional.ofNullable(columns.get(name)).map(Column::optional).orElse(false);
    }

    /** A field that one version keeps whole and another one by its parts has no column that takes both. */
    private void divided(List<Column> fields) {
        for (Column whole : fields) {
            ColumnType bare = whole.type() instanceof ColumnType.Nullable nullable ? nullable.element() : whole.type();
            inner(bare).ifPresent(tuple -> divided(tuple.fields()));
            if (bare instanceof ColumnType.JsonText) {
                continue;
            }
            fields.stream()
                    .filter(part -> part.pointer().startsWith(whole.pointer() + "/"))
                    .findFirst()
                    .ifPresent(part -> problems.add("field " + DidYouMean.shown(whole.pointer()) + " is "
                            + whole.type().sql() + " in one version and an object with "
                            + DidYouMean.shown(part.pointer())
                            + " in another, and no column takes both; give the field another name, or both an"
                            + " x-clickhouse-type: String where it is an object"));
        }
    }

    private static Optional<ColumnType.Tuple> inner(ColumnType type) {
        if (type instanceof ColumnType.Array array) {
            return inner(array.element());
        }
        if (type instanceof ColumnType.Map map) {
            return inner(map.value());
        }
        return type instanceof ColumnType.Tuple tuple ? Optional.of(tuple) : Optional.empty();
    }

    /** A tuple that may be absent: ClickHouse has none, and an empty one would say what was not sent. */
    private static boolean holdsAbsentTuple(ColumnType type) {
        if (type instanceof ColumnType.Nullable nullable) {
            return nullable.element() instanceof ColumnType.Tuple;
        }
        if (type instanceof ColumnType.Array array) {
            return holdsAbsentTuple(array.element());
        }
        if (type instanceof ColumnType.Map map) {
            return holdsAbsentTuple(map.value());
        }
        return type instanceof ColumnType.Tuple tuple
                && tuple.fields().stream().anyMatch(field -> holdsAbsentTuple(field.type()));
    }

    /**
     * ClickHouse keeps a column in files of its name, in which all but ASCII letters, digits and {@code _} takes three
     * characters a byte; 255 is what a file's name may have, with endings such as {@code .size0.null.cmrk2}.
     */
    private static Optional<String> nameProblem(String name) {
        if (name.isEmpty()) {
            return Optional.of("a column without a name");
        }
        if (RESERVED.contains(name)) {
            return Optional.of("column '" + name + "', which ClickHouse keeps for itself");
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 127)) {
            return Optional.of("a column with control characters in its name");
        }
        int length = 0;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
            length += plain ? 1 : 3;
        }
        return length <= MAX_NAME
                ? Optional.empty()
                : Optional.of("a column whose name takes " + length + " characters in a file's name, and at most "
                        + MAX_NAME + " fit (each byte counts, beyond ASCII letters, digits and '_' as 3)");
    }

    private void add(Column column) {
        nameProblem(column.name())
                .ifPresent(
                        problem -> problems.add("field " + DidYouMean.shown(column.pointer()) + " would be " + problem
                                + "; rename the field, keep the object around it as its JSON by x-clickhouse-type: String, or"
                                + " say 'table: none'"));
        if (SYSTEM.containsKey(column.name())) {
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
                add(optional(other));
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
