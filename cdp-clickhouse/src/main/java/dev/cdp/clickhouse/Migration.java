package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cdp.clickhouse.MigrationStep.Risk;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables of a server up to a catalog. Running it again changes nothing; several may run at once, since a step
 * that fails because another one was faster is found to be no longer needed.
 */
public final class Migration {

    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
    private static final Set<String> DATABASES_WITH_IDS = Set.of("Atomic", "Replicated", "Shared");
    private static final int TRIES = 5;

    private final Catalog catalog;
    private final ServerQueries queries;
    private final ServerTables tables;
    private final TableDdl ddl;

    Migration(Catalog catalog, ServerQueries queries, TableLayout layout) {
        this.catalog = catalog;
        this.queries = queries;
        this.tables = new ServerTables(queries);
        this.ddl = new TableDdl(layout);
    }

    /** A migration of that server to that catalog. */
    public static Migration of(Catalog catalog, ClickHouseServer server, TableLayout layout) {
        return new Migration(catalog, server.queries(), layout);
    }

    /**
     * Every step that is missing, in the order in which they would run.
     *
     * @throws ClickHouseUnavailableException if the server cannot be reached
     */
    public List<MigrationStep> plan() throws InterruptedException {
        List<MigrationStep> steps = new ArrayList<>();
        Set<String> unusable = new HashSet<>();
        for (String database : databases()) {
            database(database).ifPresent(step -> {
                steps.add(step);
                if (step.risk() == Risk.IMPOSSIBLE) {
                    unusable.add(database);
                }
            });
        }
        for (EventDefinition event : catalog.events()) {
            TableDefinition table = event.table().orElse(null);
            if (table != null && !unusable.contains(table.database())) {
                steps.addAll(table(event, table));
            }
        }
        return steps;
    }

    /**
     * Runs the safe steps and those that are named, and no other.
     *
     * @param named names of steps that are not safe, as a plan gives them
     * @return what is left: the steps that were refused
     * @throws ClickHouseUnavailableException if the server cannot be reached
     * @throws ClickHouseSetupException if it refuses a step
     */
    public List<MigrationStep> apply(Set<String> named) throws InterruptedException {
        List<MigrationStep> refused = new ArrayList<>();
        for (MigrationStep step : plan()) {
            if (step.risk() == Risk.SAFE || (step.risk() == Risk.NAMED && named.contains(step.name()))) {
                run(step);
            } else {
                refused.add(step);
            }
        }
        return refused;
    }

    /** Another one may have been faster, or be changing the same table now: then the plan tells. */
    private void run(MigrationStep step) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                queries.run("run " + step.name(), step.sql());
                LOG.info("ran {}", step.name());
                return;
            } catch (ClickHouseSetupException | ClickHouseUnavailableException e) {
                if (plan().stream().noneMatch(left -> left.name().equals(step.name()))) {
                    return;
                }
                if (tried == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Set<String> databases() {
        Set<String> databases = new LinkedHashSet<>();
        for (EventDefinition event : catalog.events()) {
            event.table().ifPresent(table -> databases.add(table.database()));
        }
        return databases;
    }

    private Optional<MigrationStep> database(String database) throws InterruptedException {
        String engine = tables.databaseEngine(database).orElse("");
        if (engine.isEmpty()) {
            return Optional.of(new MigrationStep(
                    "create-database:" + database, ddl.createDatabase(database), Risk.SAFE, "there is none"));
        }
        return DATABASES_WITH_IDS.contains(engine)
                ? Optional.empty()
                : Optional.of(new MigrationStep(
                        "create-database:" + database,
                        "",
                        Risk.IMPOSSIBLE,
                        "database " + database + " has the engine " + engine
                                + ", whose tables have no ids to tell a table made anew from the old one; expected"
                                + " Atomic: use another database"));
    }

    private List<MigrationStep> table(EventDefinition event, TableDefinition table) throws InterruptedException {
        Optional<ServerTable> found = tables.find(table.database(), table.name());
        if (found.isEmpty()) {
            return List.of(new MigrationStep(
                    "create-table:" + table.database() + "." + table.name(),
                    ddl.createTable(event, table),
                    Risk.SAFE,
                    "there is none"));
        }
        TableDifference difference = new TableDifference(ddl, event, table, found.get());
        return difference.steps(difference.ttlDiffers() ? expired(table) : 0);
    }

    private long expired(TableDefinition table) throws InterruptedException {
        if (table.ttl().isEmpty()) {
            return 0;
        }
        String count = queries.select(
                        "count the rows of " + table.database() + "." + table.name() + " that are older than its ttl",
                        "SELECT count() FROM " + SqlText.name(table.database(), table.name()) + " WHERE "
                                + TableDdl.ttl(table.ttl().get().toSeconds()) + " < now()")
                .get(0)
                .get(0);
        return Long.parseLong(count);
    }
}
