package dev.cdp.clickhouse;

import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;

/** Which records of a partition the tables of a catalog hold. Thread-safe; nothing is connected to before a call. */
public final class StoredOffsets {

    private final Catalog catalog;
    private final ServerQueries queries;

    StoredOffsets(Catalog catalog, ServerQueries queries) {
        this.catalog = catalog;
        this.queries = queries;
    }

    /** The records in the catalog's tables on that server. */
    public static StoredOffsets of(Catalog catalog, ClickHouseServer server) {
        return new StoredOffsets(Objects.requireNonNull(catalog, "catalog"), server.queries());
    }

    /**
     * Each offset in {@code [from, to)} that has a row, with how many rows it has under one replay number, over all
     * tables; 1 is as it should be.
     *
     * @throws ClickHouseUnavailableException if the server cannot be reached
     * @throws ClickHouseSetupException if a table is not there
     */
    public NavigableMap<Long, Long> read(UUID topicId, int partition, long from, long to) throws InterruptedException {
        String where = " WHERE _topic_id = '" + topicId + "' AND _partition = " + partition + " AND _offset >= " + from
                + " AND _offset < " + to;
        String tables = catalog.events().stream()
                .map(EventDefinition::table)
                .flatMap(Optional::stream)
                .map(table -> "SELECT _offset, _replay FROM " + name(table) + where)
                .collect(Collectors.joining(" UNION ALL "));
        NavigableMap<Long, Long> offsets = new TreeMap<>();
        if (!tables.isEmpty()) {
            for (var row : queries.select(
                    "read the offsets that are stored",
                    "SELECT _offset, max(rows) FROM (SELECT _offset, _replay, count() AS rows FROM (" + tables
                            + ") GROUP BY _offset, _replay) GROUP BY _offset")) {
                offsets.put(Long.valueOf(row.get(0)), Long.valueOf(row.get(1)));
            }
        }
        return offsets;
    }

    /** Whether a table that is there holds a row of that partition from an offset on, under a replay number. */
    boolean any(UUID topicId, int partition, long from, int replay) throws InterruptedException {
        String purpose = "see whether rows of partition " + partition + " are stored";
        List<TableDefinition> tables = catalog.events().stream()
                .map(EventDefinition::table)
                .flatMap(Optional::stream)
                .toList();
        if (tables.isEmpty()) {
            return false;
        }
        String names = tables.stream()
                .map(table -> "(" + SqlText.text(table.database()) + ", " + SqlText.text(table.name()) + ")")
                .collect(Collectors.joining(", "));
        Set<List<String>> there = Set.copyOf(queries.select(
                purpose,
                "SELECT DISTINCT database, name FROM system.tables WHERE (database, name) IN (" + names + ")"));
        String rows = tables.stream()
                .filter(table -> there.contains(List.of(table.database(), table.name())))
                .map(table -> "SELECT 1 FROM " + name(table) + " WHERE _topic_id = toUUID('" + topicId
                        + "') AND _partition = " + partition + " AND _offset >= " + from + " AND _replay = " + replay
                        + " LIMIT 1")
                .collect(Collectors.joining(" UNION ALL "));
        return !rows.isEmpty()
                && !queries.select(purpose, "SELECT 1 FROM (" + rows + ") LIMIT 1")
                        .isEmpty();
    }

    private static String name(TableDefinition table) {
        return SqlText.name(table.database(), table.name());
    }
}
