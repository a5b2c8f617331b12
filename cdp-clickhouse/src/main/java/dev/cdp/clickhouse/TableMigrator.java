package dev.cdp.clickhouse;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import dev.cdp.clickhouse.ServerTable.ServerColumn;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates what the catalog has and the server has not. What rows are already stored in is never rewritten: such a change
 * is refused, with the SQL that would make it. Two may run at once.
 */
final class TableMigrator {

    private static final Logger LOG = LoggerFactory.getLogger(TableMigrator.class);
    private static final Set<String> DATABASES_WITH_IDS = Set.of("Atomic", "Replicated", "Shared");

    private final Catalog catalog;
    private final ServerQueries queries;
    private final ServerTables tables;
    private final TableDdl ddl;

    TableMigrator(Catalog catalog, ServerQueries queries, ServerTables tables, TableDdl ddl) {
        this.catalog = catalog;
        this.queries = queries;
        this.tables = tables;
        this.ddl = ddl;
    }

    void migrate() throws InterruptedException {
        Set<String> databases = new LinkedHashSet<>();
        for (EventDefinition event : catalog.events()) {
            event.table().ifPresent(table -> databases.add(table.database()));
        }
        for (String database : databases) {
            createDatabase(database);
        }
        for (EventDefinition event : catalog.events()) {
            TableDefinition table = event.table().orElse(null);
            if (table != null) {
                createTable(event, table);
            }
        }
    }

    private void createDatabase(String database) throws InterruptedException {
        String engine = tables.databaseEngine(database).orElse("");
        if (engine.isEmpty()) {
            queries.run("create database " + database, TableDdl.createDatabase(database));
            LOG.info("created database {}", database);
        } else if (!DATABASES_WITH_IDS.contains(engine)) {
            throw new ClickHouseSetupException("database " + database + " has the engine " + engine
                    + ", whose tables have no ids to tell a table made anew from the old one; expected Atomic: use"
                    + " another database");
        }
    }

    private void createTable(EventDefinition event, TableDefinition table) throws InterruptedException {
        String name = table.database() + "." + table.name();
        Optional<ServerTable> found = tables.find(table.database(), table.name());
        if (found.isEmpty()) {
            queries.run("create table " + name, ddl.createTable(event, table));
            LOG.info("created table {}", name);
        } else {
            for (Column column : RowEncoder.columns(table)) {
                evolve(table, name, column, found.get());
            }
        }
    }

    private void evolve(TableDefinition table, String name, Column column, ServerTable server)
            throws InterruptedException {
        Optional<ServerColumn> found = server.column(column.name());
        if (found.isEmpty()) {
            if (!column.optional() && server.rows() > 0) {
                throw new ClickHouseSetupException("table " + name + " has rows and no column " + column.name()
                        + ", which the catalog requires: the old rows would show a default as if it had been sent."
                        + " Raise the event's version and keep the old schema under versions:, so that the column may"
                        + " be NULL");
            }
            queries.run("add column " + column.name() + " to " + name, TableDdl.addColumn(table, column));
            LOG.info("added column {} to table {}", column.name(), name);
        } else if (!found.get().type().equals(column.type().sql())) {
            throw new ClickHouseSetupException("table " + name + ": column " + column.name() + " is "
                    + found.get().type() + " on the server and " + column.type().sql()
                    + " in the catalog. If every stored value fits, stop the loaders and run: "
                    + TableDdl.modifyColumn(table, column));
        }
    }
}
