package dev.cdp.core.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.cdp.core.schema.Column;
import org.jspecify.annotations.Nullable;

/**
 * The ClickHouse table that an event's facts are stored in.
 *
 * @param database its database
 * @param name its name in that database
 * @param columns the columns of the payload's fields, over all versions of the event, in the schema's order
 * @param orderBy the names of the columns that rows are sorted by
 * @param partitionBy by what rows are kept apart
 * @param ttlOrNull how long rows are kept after {@code event_time}
 * @param engine its engine, as it is without replication
 * @param codecOrNull how its columns are compressed
 */
public record TableDefinition(
        String database,
        String name,
        List<Column> columns,
        List<String> orderBy,
        PartitionKey partitionBy,
        @Nullable Duration ttlOrNull,
        TableEngine engine,
        @Nullable Codec codecOrNull) {

    /** The column that holds when an event happened. */
    public static final String EVENT_TIME = "event_time";

    /** How far ahead of its record's timestamp an event may have happened and still fit a table. */
    public static final Duration MAX_AHEAD = Duration.ofDays(1);

    /** A MergeTree that is compressed as the server says. */
    public TableDefinition(
            String database,
            String name,
            List<Column> columns,
            List<String> orderBy,
            PartitionKey partitionBy,
            @Nullable Duration ttlOrNull) {
        this(database, name, columns, orderBy, partitionBy, ttlOrNull, TableEngine.MERGE_TREE, null);
    }

    /** The column of that name, of those that payloads have. */
    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }

    /** The column that keeps the field at a JSON Pointer. */
    public Optional<Column> columnAt(String pointer) {
        return columns.stream()
                .filter(column -> column.pointer().equals(pointer))
                .findFirst();
    }

    /** How long rows are kept after {@code event_time}; empty means for ever. */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(ttlOrNull);
    }

    /** How its columns are compressed; empty means as the server says. */
    public Optional<Codec> codec() {
        return Optional.ofNullable(codecOrNull);
    }
}
