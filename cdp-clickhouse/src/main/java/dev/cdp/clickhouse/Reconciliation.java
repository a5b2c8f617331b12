package dev.cdp.clickhouse;

import java.util.List;
import java.util.Map;

import dev.cdp.clickhouse.DeduplicationCheck.Memory;
import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.sink.BatchId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the rows of one batch in one table what they should be, where nobody knows what became of an earlier attempt:
 * reads back which of them are there. Decision 70 has the why. One thread.
 */
final class Reconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    private final InsertPort port;
    private final ServerQueries queries;
    private final TableDefinition table;
    private final BatchId batch;
    private final String name;
    private final String rowsOfBatch;

    Reconciliation(InsertPort port, TableDefinition table, BatchId batch, TimeSpan times) {
        this.port = port;
        this.queries = new ServerQueries(port);
        this.table = table;
        this.batch = batch;
        this.name = SqlText.name(table.database(), table.name());
        this.rowsOfBatch = rowsOf(batch, times);
    }

    /** By time too, which is a function of the record: parts of other days need not be read. */
    private static String rowsOf(BatchId id, TimeSpan times) {
        String when = times.isEmpty()
                ? ""
                : " AND " + TableDefinition.EVENT_TIME + " >= " + instant(times.first()) + " AND "
                        + TableDefinition.EVENT_TIME + " < " + instant(times.last() + 1);
        return "_topic_id = toUUID('" + id.topicId() + "') AND _partition = " + id.partition() + " AND _offset >= "
                + id.firstOffset() + " AND _offset < " + id.endOffset() + " AND _replay = " + id.replay() + when;
    }

    private static String instant(long second) {
        return "fromUnixTimestamp64Milli(toInt64(" + second * 1_000 + "), 'UTC')";
    }

    BatchId batch() {
        return batch;
    }

    /** How many rows of the batch the table holds. */
    long stored() throws InterruptedException {
        return number("read back batch " + batch, "SELECT count() FROM " + name + " WHERE " + rowsOfBatch);
    }

    /**
     * Whether the table surely still knows the token of rows that it holds: fewer parts were made since than half of what
     * it remembers. Of parts that were merged the server tells the oldest and the newest, so rows that could be too old
     * by that are told by when they were loaded.
     */
    boolean remembered(Memory memory) throws InterruptedException {
        long half = memory.parts() / 2;
        String purpose = "see how long ago batch " + batch + " was stored";
        String parts = "SELECT %s FROM system.parts WHERE active AND database = " + SqlText.text(table.database())
                + " AND table = " + SqlText.text(table.name());
        long newest = number(purpose, parts.formatted("max(max_block_number)"));
        long oldest = number(
                purpose,
                parts.formatted("min(min_block_number)") + " AND name IN (SELECT DISTINCT _part FROM " + name
                        + " WHERE " + rowsOfBatch + ")");
        if (newest - oldest < half) {
            return true;
        }
        return number(
                        purpose,
                        "SELECT uniqExact(_topic_id, _partition, _replay, _loaded_at, _partition_id) FROM " + name
                                + " WHERE _loaded_at >= (SELECT min(_loaded_at) FROM " + name + " WHERE " + rowsOfBatch
                                + ")")
                < half;
    }

    /**
     * Puts the rows of the batch into those partitions of the table that hold none of them. A part is there as a whole or
     * not at all, so nothing is doubled. Views are not fed: they had the batch when it was inserted under its token.
     *
     * @param token names the batch in this table
     */
    void supply(String token, EncodedRows rows, InsertSettings settings)
            throws ServerErrorException, InterruptedException {
        LOG.warn(
                "table {}.{} knows the token of batch {} and has not all of its rows: a server died between noting the"
                        + " one and keeping the other; the rows are put there",
                table.database(),
                table.name(),
                batch);
        String purpose = "put rows of batch " + batch + " into table " + table.database() + "." + table.name();
        String staging = SqlText.name(table.database(), "_cdp_" + token);
        String drop = "DROP TABLE IF EXISTS " + staging + " SYNC";
        queries.run(purpose, drop);
        queries.run(purpose, "CREATE TABLE " + staging + " AS " + name);
        Map<String, String> once = settings.withoutToken();
        port.insert(
                TableWriter.insertInto(table, staging) + TableWriter.FORMAT,
                once,
                "cdp-supply-" + token,
                RowRange.all(rows));
        for (List<String> partition : queries.select(
                purpose, "SELECT DISTINCT `_partition_id` FROM " + staging + " ORDER BY `_partition_id`")) {
            String id = SqlText.text(partition.get(0));
            if (number(
                            purpose,
                            "SELECT count() FROM " + name + " WHERE `_partition_id` = " + id + " AND " + rowsOfBatch)
                    == 0) {
                queries.run(purpose, "ALTER TABLE " + staging + " MOVE PARTITION ID " + id + " TO TABLE " + name);
            }
        }
        queries.run(purpose, drop);
    }

    private long number(String purpose, String sql) throws InterruptedException {
        return queries.number(purpose, sql);
    }
}
