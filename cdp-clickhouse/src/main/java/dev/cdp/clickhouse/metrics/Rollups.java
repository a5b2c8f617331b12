package dev.cdp.clickhouse.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rollups of a catalog on a server. What stands in a table of facts already is filled in, and each fact counts once
 * while others arrive; decision 24 says how. Any thread may call it; two at once, in any process, exclude each other.
 */
public final class Rollups {

    private static final Logger LOG = LoggerFactory.getLogger(Rollups.class);
    private static final String LOCK = "cdp_rollups_lock";

    private final ClickHouseClient client;
    private final RollupPlan plan;

    private Rollups(ClickHouseClient client, RollupPlan plan) {
        this.client = client;
        this.plan = plan;
    }

    /** The rollups that the metrics of a catalog need. */
    public static Rollups of(ClickHouseClient client, Catalog catalog) {
        return new Rollups(Objects.requireNonNull(client, "client"), RollupPlan.of(catalog));
    }

    /** The rollups that are there with all facts in them. */
    public Set<Rollup> ready() {
        Map<String, ServerTable> server = server();
        Set<Rollup> ready = new LinkedHashSet<>();
        for (Rollup rollup : plan.rollups()) {
            if (state(rollup, server) == Building.READY) {
                ready.add(rollup);
            }
        }
        return ready;
    }

    /**
     * Builds the rollups that are missing; the tables of facts have to be there. Inserts into a table are held while its
     * views are created, a moment, and go on while facts from before are filled in. Running it again changes nothing, and
     * after it was killed goes on where it was.
     *
     * @return what it did, a line each
     * @throws RollupException if another one is at work, or a table's inserts cannot be held
     */
    public List<String> apply() {
        if (ready().size() == plan.rollups().size()) {
            return List.of();
        }
        Set<String> databases = plan.rollups().stream().map(Rollup::database).collect(Collectors.toSet());
        List<String> done = new ArrayList<>();
        Set<String> locked = new HashSet<>();
        try {
            databases.forEach(database -> {
                lock(database);
                locked.add(database);
            });
            build(done);
        } finally {
            locked.forEach(database ->
                    client.run("let others build rollups", "DROP TABLE IF EXISTS " + SqlText.name(database, LOCK)));
        }
        return done;
    }

    /**
     * Where rollups have counted another number of facts than there are, among those that are ready. There should be none;
     * a server that dies in the wrong moment may leave a rollup short of a batch. Drop such a rollup and build it again.
     *
     * <p>A batch that is being written is told from one that was lost in two ways: buckets into which anything was loaded
     * after {@code settled} are not compared, and what differs is looked at again.
     *
     * @param from quarter hours of {@code event_time} from this one on
     * @param to quarter hours before this one
     * @param settled as far back as an insert may be under way
     */
    public List<RollupDifference> differences(Instant from, Instant to, Instant settled) {
        List<RollupDifference> differences = new ArrayList<>();
        for (Rollup rollup : ready()) {
            List<RollupDifference> found = differences(rollup, from, to, settled);
            if (!found.isEmpty()) {
                found.retainAll(differences(rollup, from, to, settled));
            }
            differences.addAll(found);
        }
        return differences;
    }

    private List<RollupDifference> differences(Rollup rollup, Instant from, Instant to, Instant settled) {
        List<RollupDifference> found = new ArrayList<>();
        for (List<@Nullable Object> row : client.select(
                "compare rollup " + rollup.name() + " with its facts", rollup.differences(from, to, settled))) {
            found.add(new RollupDifference(
                    rollup, Instant.ofEpochSecond(number(row.get(0))), number(row.get(1)), number(row.get(2))));
        }
        return found;
    }

    private static long number(@Nullable Object value) {
        return Long.parseLong(String.valueOf(value));
    }

    /** The statements that drop what no rollup of the catalog is; each name ends in a hash of what it was made for. */
    public List<String> obsolete() {
        Set<String> known = new HashSet<>();
        for (Rollup rollup : plan.rollups()) {
            for (String name : List.of(rollup.name(), rollup.viewName(), rollup.pastName(), rollup.stagingName())) {
                known.add(rollup.database() + "." + name);
            }
        }
        return server().values().stream()
                .filter(table -> !known.contains(table.database() + "." + table.name()))
                .filter(table -> table.name().matches(".*_rollup_[0-9a-f]{8}(_view|_past|_staging)?"))
                .sorted((a, b) -> b.name().compareTo(a.name())) // a view before its table
                .map(table -> "DROP TABLE " + SqlText.name(table.database(), table.name()))
                .toList();
    }

    private void build(List<String> done) {
        Map<String, List<Rollup>> byFacts = plan.rollups().stream()
                .collect(Collectors.groupingBy(Rollup::factsTable, LinkedHashMap::new, Collectors.toList()));
        Map<String, ServerTable> server = server(); // nobody else changes rollups now
        for (List<Rollup> rollups : byFacts.values()) {
            List<Rollup> missing = rollups.stream()
                    .filter(rollup -> state(rollup, server) == Building.NO_VIEW)
                    .toList();
            missing.forEach(rollup -> client.run("create rollup " + rollup.name(), rollup.createTable()));
            String later = missing.isEmpty() ? "" : createViews(missing);
            for (Rollup rollup : rollups) {
                if (missing.contains(rollup)) {
                    fill(rollup, later.isEmpty() ? Building.READY : Building.NO_PAST, later);
                    done.add(built(rollup));
                } else if (state(rollup, server) != Building.READY) {
                    ServerTable view = Objects.requireNonNull(server.get(key(rollup, rollup.viewName())));
                    fill(rollup, state(rollup, server), view.comment());
                    done.add(built(rollup));
                }
            }
        }
    }

    private void fill(Rollup rollup, Building state, String later) {
        if (state == Building.NO_PAST) {
            gatherPast(rollup, later);
        }
        if (state != Building.READY) {
            movePast(rollup);
        }
    }

    private static String built(Rollup rollup) {
        String line = rollup.database() + "." + rollup.name() + ": rollup of "
                + rollup.fact().name() + " for " + String.join(", ", rollup.metrics());
        LOG.info("built {}", line);
        return line;
    }

    /**
     * Rows that stand in the table now are left to the past, by their offsets, even when they are written again.
     *
     * @return what the views take; empty for everything
     */
    private String createViews(List<Rollup> rollups) {
        Rollup first = rollups.get(0);
        try (InsertFence fence =
                InsertFence.around(client, first.database(), first.facts().name())) {
            String later = Cutoffs.later(client, first.facts());
            for (Rollup rollup : rollups) {
                client.run("create view " + rollup.viewName(), rollup.createView(later));
            }
            LOG.debug("{} held for {} views", fence, rollups.size());
            return later;
        }
    }

    /** All or nothing: the gathered rows get their name when all of them are there. */
    private void gatherPast(Rollup rollup, String later) {
        String staging = SqlText.name(rollup.database(), rollup.stagingName());
        String purpose = "fill rollup " + rollup.name() + " with the facts from before it";
        String past = "NOT (" + later + ")";
        client.run(purpose, "DROP TABLE IF EXISTS " + staging + " SYNC");
        client.run(purpose, rollup.createStaging());
        List<List<@Nullable Object>> partitions = client.select(
                purpose, "SELECT DISTINCT `_partition_id` FROM " + rollup.factsTable() + " ORDER BY `_partition_id`");
        for (List<@Nullable Object> partition : partitions) {
            String own = "f.`_partition_id` = " + SqlText.text(String.valueOf(partition.get(0)));
            client.run(purpose, rollup.backfill(own + " AND " + past) + "\nSETTINGS insert_deduplicate = 0");
        }
        client.run(purpose, "RENAME TABLE " + staging + " TO " + SqlText.name(rollup.database(), rollup.pastName()));
    }

    /** Month by month; what was moved is gone from the past, so it is never moved twice. */
    private void movePast(Rollup rollup) {
        String past = SqlText.name(rollup.database(), rollup.pastName());
        String purpose = "move the facts from before rollup " + rollup.name() + " into it";
        List<List<@Nullable Object>> partitions =
                client.select(purpose, "SELECT DISTINCT `_partition_id` FROM " + past + " ORDER BY `_partition_id`");
        for (List<@Nullable Object> partition : partitions) {
            client.run(
                    purpose,
                    "ALTER TABLE " + past + " MOVE PARTITION ID " + SqlText.text(String.valueOf(partition.get(0)))
                            + " TO TABLE " + rollup.table());
        }
    }

    private void lock(String database) {
        String name = SqlText.name(database, LOCK);
        List<List<@Nullable Object>> held = client.select(
                "see whether rollups are being built",
                "SELECT toString(metadata_modification_time) FROM system.tables WHERE database = "
                        + SqlText.text(database) + " AND name = " + SqlText.text(LOCK));
        if (!held.isEmpty()) {
            throw new RollupException("rollups of database " + database + " are being built since "
                    + held.get(0).get(0) + "; wait for that. If that process was killed: DROP TABLE " + name
                    + ", and run this again, which also lets inserts in again");
        }
        client.run("keep others from building rollups at once", "CREATE TABLE " + name + " (n UInt8) ENGINE = Null");
    }

    private static Building state(Rollup rollup, Map<String, ServerTable> server) {
        ServerTable view = server.get(key(rollup, rollup.viewName()));
        ServerTable past = server.get(key(rollup, rollup.pastName()));
        if (view == null || !server.containsKey(key(rollup, rollup.name()))) {
            return Building.NO_VIEW;
        }
        if (view.comment().isEmpty()) {
            return Building.READY;
        }
        return past == null ? Building.NO_PAST : past.rows() > 0 ? Building.PAST : Building.READY;
    }

    private static String key(Rollup rollup, String name) {
        return rollup.database() + "." + name;
    }

    private Map<String, ServerTable> server() {
        String databases = plan.rollups().stream()
                .map(Rollup::database)
                .distinct()
                .map(SqlText::text)
                .collect(Collectors.joining(", "));
        Map<String, ServerTable> tables = new LinkedHashMap<>();
        if (databases.isEmpty()) {
            return tables;
        }
        for (List<@Nullable Object> row : client.select(
                "look at the rollups",
                "SELECT database, name, comment, ifNull(total_rows, 0) FROM system.tables WHERE database IN ("
                        + databases + ") AND position(name, '_rollup_') > 0")) {
            ServerTable table = new ServerTable(
                    String.valueOf(row.get(0)),
                    String.valueOf(row.get(1)),
                    String.valueOf(row.get(2)),
                    number(row.get(3)));
            tables.put(table.database() + "." + table.name(), table);
        }
        return tables;
    }

    /** How far a rollup has come. */
    private enum Building {
        NO_VIEW,
        /** The view takes what is new; what was there before is not gathered. */
        NO_PAST,
        /** What was there before is gathered, and not all of it moved. */
        PAST,
        READY
    }

    private record ServerTable(String database, String name, String comment, long rows) {}
}
