package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;

/**
 * What a loader, a migrator and an analyst of a catalog's tables may do, as SQL that grants it to roles.
 *
 * @see <a href="https://clickhouse.com/docs/sql-reference/statements/grant">GRANT</a>
 */
public final class Grants {

    private final Set<String> databases = new LinkedHashSet<>();
    private final Set<String> tables = new LinkedHashSet<>();

    private Grants(Catalog catalog) {
        for (EventDefinition event : catalog.events()) {
            event.table().ifPresent(this::add);
        }
    }

    /** The grants for the tables of this catalog. */
    public static Grants of(Catalog catalog) {
        return new Grants(catalog);
    }

    private void add(TableDefinition table) {
        databases.add(SqlText.name(table.database()));
        tables.add(SqlText.name(table.database(), table.name()));
    }

    /** Everything that a sink does, what only its recoveries need included. */
    public List<String> loader(String role) {
        String to = " TO " + SqlText.name(role);
        List<String> sql = begin(role);
        tables.forEach(table -> sql.add("GRANT SELECT, INSERT ON " + table + to));
        sql.add("GRANT CREATE TEMPORARY TABLE ON *.*" + to);
        databases.forEach(database ->
                sql.add("GRANT CREATE TABLE, DROP TABLE, SELECT, INSERT, ALTER DELETE, ALTER MOVE PARTITION ON "
                        + database + ".*" + to));
        return sql;
    }

    /** What {@link Migration} and rollups do. */
    public List<String> migrator(String role) {
        String to = " TO " + SqlText.name(role);
        List<String> sql = begin(role);
        databases.forEach(database -> sql.add("GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW,"
                + " ALTER TABLE, TRUNCATE, SELECT, INSERT ON " + database + ".*" + to));
        return sql;
    }

    /** Reading the tables and the rollups beside them. */
    public List<String> analyst(String role) {
        String to = " TO " + SqlText.name(role);
        List<String> sql = new ArrayList<>(List.of("CREATE ROLE IF NOT EXISTS " + SqlText.name(role)));
        databases.forEach(database -> sql.add("GRANT SELECT ON " + database + ".*" + to));
        return sql;
    }

    /** Both have to see every view behind a table, in whatever database, and what the server tells of itself. */
    private static List<String> begin(String role) {
        String name = SqlText.name(role);
        List<String> sql = new ArrayList<>();
        sql.add("CREATE ROLE IF NOT EXISTS " + name);
        sql.add("GRANT SHOW DATABASES, SHOW TABLES, SHOW COLUMNS ON *.* TO " + name);
        sql.add("GRANT SELECT ON system.* TO " + name);
        return sql;
    }
}
