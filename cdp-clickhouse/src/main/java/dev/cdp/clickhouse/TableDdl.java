package dev.cdp.clickhouse;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;

/**
 * Renders a catalog's tables as SQL.
 *
 * @see <a href="https://clickhouse.com/docs/engines/table-engines/mergetree-family/mergetree">MergeTree</a>
 */
final class TableDdl {

    private final int deduplicationWindow;

    /** {@code deduplicationWindow}: how many parts a table remembers, to know a block that comes again. */
    TableDdl(int deduplicationWindow) {
        this.deduplicationWindow = deduplicationWindow;
    }

    static String createDatabase(String database) {
        return "CREATE DATABASE IF NOT EXISTS " + SqlText.name(database) + " ENGINE = Atomic";
    }

    /** One statement; a table that is there already is left as it is. */
    String createTable(EventDefinition event, TableDefinition table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE IF NOT EXISTS ")
                .append(SqlText.name(table.database(), table.name()))
                .append("\n(\n");
        sql.append(RowEncoder.columns(table).stream()
                .map(column -> "    " + column(column))
                .collect(Collectors.joining(",\n")));
        sql.append("\n)\nENGINE = MergeTree\nPARTITION BY ")
                .append(SqlText.expression(table.partitionBy()))
                .append("\nORDER BY ")
                .append(orderBy(table));
        table.ttl()
                .ifPresent(ttl -> sql.append("\nTTL toDateTime(")
                        .append(SqlText.name(TableDefinition.EVENT_TIME))
                        .append(") + toIntervalSecond(")
                        .append(ttl.toSeconds())
                        .append(')'));
        sql.append("\nSETTINGS non_replicated_deduplication_window = ").append(deduplicationWindow);
        if (!event.description().isEmpty()) {
            sql.append("\nCOMMENT ").append(SqlText.text(event.description()));
        }
        return sql.toString();
    }

    static String addColumn(TableDefinition table, Column column) {
        return "ALTER TABLE " + SqlText.name(table.database(), table.name()) + " ADD COLUMN IF NOT EXISTS "
                + column(column);
    }

    static String modifyColumn(TableDefinition table, Column column) {
        return "ALTER TABLE " + SqlText.name(table.database(), table.name()) + " MODIFY COLUMN "
                + SqlText.name(column.name()) + " " + column.type().sql();
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

    private static String column(Column column) {
        String declared = SqlText.name(column.name()) + " " + column.type().sql();
        return column.description().isEmpty() ? declared : declared + " COMMENT " + SqlText.text(column.description());
    }
}
