package dev.cdp.clickhouse;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.TableLayout.Replication;
import dev.cdp.core.catalog.Codec;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;

/**
 * Renders a catalog's tables as SQL.
 *
 * @see <a href="https://clickhouse.com/docs/engines/table-engines/mergetree-family/mergetree">MergeTree</a>
 */
final class TableDdl {

    /** How long a replicated table remembers a block; the default of an hour is shorter than an outage may be. */
    private static final int REPLICATED_WINDOW_SECONDS = 7 * 24 * 3_600;

    private final TableLayout layout;

    TableDdl(TableLayout layout) {
        this.layout = layout;
    }

    String createDatabase(String database) {
        return "CREATE DATABASE IF NOT EXISTS " + SqlText.name(database) + onCluster() + " ENGINE = Atomic";
    }

    /** One statement; a table that is there already is left as it is. */
    String createTable(EventDefinition event, TableDefinition table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE IF NOT EXISTS ")
                .append(SqlText.name(table.database(), table.name()))
                .append(onCluster())
                .append("\n(\n");
        sql.append(RowEncoder.columns(table).stream()
                .map(column -> "    " + column(table, column))
                .collect(Collectors.joining(",\n")));
        boolean replicated = layout.replication() == Replication.ENGINE;
        sql.append("\n)\nENGINE = ")
                .append(replicated ? "Replicated" : "")
                .append(table.engine().sql())
                .append("\nPARTITION BY ")
                .append(SqlText.key(table.partitionBy()))
                .append("\nORDER BY ")
                .append(orderBy(table));
        table.ttl().ifPresent(ttl -> sql.append("\nTTL ").append(ttl(ttl.toSeconds())));
        sql.append("\nSETTINGS ")
                .append(replicated ? "replicated" : "non_replicated")
                .append("_deduplication_window = ")
                .append(layout.deduplicationWindow());
        if (replicated) {
            sql.append(", replicated_deduplication_window_seconds = ").append(REPLICATED_WINDOW_SECONDS);
        }
        if (!event.description().isEmpty()) {
            sql.append("\nCOMMENT ").append(SqlText.text(event.description()));
        }
        return sql.toString();
    }

    String addColumn(TableDefinition table, Column column) {
        return alter(table) + "ADD COLUMN IF NOT EXISTS " + column(table, column);
    }

    String modifyType(TableDefinition table, Column column) {
        return modify(table, column, column.type().sql());
    }

    String modifyCodec(TableDefinition table, Column column, Codec codec) {
        return modify(table, column, "CODEC(" + codec.sql() + ")");
    }

    String commentColumn(TableDefinition table, Column column) {
        return alter(table) + "COMMENT COLUMN " + SqlText.name(column.name()) + " "
                + SqlText.text(column.description());
    }

    String commentTable(TableDefinition table, String comment) {
        return alter(table) + "MODIFY COMMENT " + SqlText.text(comment);
    }

    String modifyTtl(TableDefinition table) {
        return alter(table)
                + table.ttl().map(ttl -> "MODIFY TTL " + ttl(ttl.toSeconds())).orElse("REMOVE TTL");
    }

    /** When a row is deleted, as an expression. */
    static String ttl(long seconds) {
        return "toDateTime(" + TableDefinition.EVENT_TIME + ") + toIntervalSecond(" + seconds + ")";
    }

    private String modify(TableDefinition table, Column column, String to) {
        return alter(table) + "MODIFY COLUMN " + SqlText.name(column.name()) + " " + to;
    }

    private String alter(TableDefinition table) {
        return "ALTER TABLE " + SqlText.name(table.database(), table.name()) + onCluster() + " ";
    }

    private String onCluster() {
        return layout.cluster().isEmpty() ? "" : " ON CLUSTER " + SqlText.name(layout.cluster());
    }

    private static String orderBy(TableDefinition table) {
        Set<String> known =
                RowEncoder.columns(table).stream().map(Column::name).collect(Collectors.toUnmodifiableSet());
        List<String> unknown =
                table.orderBy().stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("table " + table.database() + "." + table.name()
                    + ": order-by names columns that it does not have: " + unknown);
        }
        return table.orderBy().stream().map(SqlText::name).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String column(TableDefinition table, Column column) {
        String declared = SqlText.name(column.name()) + " " + column.type().sql();
        return declared
                + (column.description().isEmpty() ? "" : " COMMENT " + SqlText.text(column.description()))
                + table.codec().map(codec -> " CODEC(" + codec.sql() + ")").orElse("");
    }
}
