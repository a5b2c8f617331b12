package dev.cdp.clickhouse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.clickhouse.RowEncoder.Encoding;
import dev.cdp.clickhouse.ServerTable.ServerColumn;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the rows of one table, and knows the table as the server had it when that was last asked. Thread-safe. */
final class TableWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);
    private static final String ROWS = " FORMAT RowBinaryWithNamesAndTypes";
    private static final String BLOCK = " FORMAT Native";

    private final InsertPort port;
    private final ServerTables tables;
    private final TableDefinition table;
    private final RowEncoder encoder;
    private final NativeBlock blocks;
    private final String name;
    private volatile @Nullable ServerTable checked;
    /** Batches whose last try got no answer. */
    private final Set<BatchId> unsure = ConcurrentHashMap.newKeySet();

    TableWriter(InsertPort port, ServerTables tables, TableDefinition table) {
        this.port = port;
        this.tables = tables;
        this.table = table;
        this.encoder = new RowEncoder(table);
        this.blocks = new NativeBlock(RowEncoder.columns(table));
        this.name = table.database() + "." + table.name();
    }

    Encoding encode(BatchId batch, List<SinkEvent> events, long loadedAt) {
        return encoder.encode(batch, events, loadedAt);
    }

    /**
     * Inserts the rows as one block under the batch's token.
     *
     * @return the rows that the table refuses; if there is one, none is stored
     */
    List<Rejection> insert(BatchId batch, EncodedRows rows, InsertSettings settings) throws InterruptedException {
        try {
            String token = InsertToken.of(target().id(), batch);
            send(token, rows, settings);
            if (unsure.contains(batch)) {
                makeSure(batch, token, rows, settings);
                unsure.remove(batch);
            }
            return List.of();
        } catch (ServerErrorException e) {
            checked = null;
            if (e.kind() != ServerErrors.Kind.DATA) {
                unsure.add(batch);
                throw failure(batch, e);
            }
            return isolate(batch, rows, settings, e);
        } catch (ClickHouseUnavailableException e) {
            checked = null;
            unsure.add(batch);
            throw e;
        }
    }

    private void send(String token, EncodedRows rows, InsertSettings settings)
            throws ServerErrorException, InterruptedException {
        String insert = "INSERT INTO " + SqlText.name(table.database(), table.name());
        Map<String, String> with = settings.withToken(token);
        if (blocks.possible() && settings.strictBlocks()) {
            port.insert(insert + BLOCK, with, "cdp-" + token, blocks.of(rows));
        } else {
            port.insert(insert + ROWS, with, "cdp-" + token, RowRange.all(rows));
        }
    }

    /**
     * Looks whether the block is there after an earlier try got no answer. A server that dies between noting a token and
     * keeping its block knows the token afterwards, drops the block as a repeat, and does not have it.
     */
    private void makeSure(BatchId batch, String token, EncodedRows rows, InsertSettings settings)
            throws ServerErrorException, InterruptedException {
        String answer = port.query("SELECT count() FROM " + SqlText.name(table.database(), table.name())
                + " WHERE _topic_id = toUUID('" + batch.topicId() + "') AND _partition = " + batch.partition()
                + " AND _offset >= " + batch.firstOffset() + " AND _offset < " + batch.endOffset()
                + " AND _replay = " + batch.replay());
        if (rows.count() > 0 && answer.strip().equals("0")) {
            LOG.warn("table {} knows the token of batch {} and has none of its rows; sending them again", name, batch);
            send(InsertToken.again(token), rows, settings);
        }
    }

    /**
     * The table, which was found to be one that this writer can write to exactly once.
     *
     * @throws ClickHouseSetupException if it is not
     */
    ServerTable target() throws InterruptedException {
        ServerTable known = checked;
        if (known == null) {
            known = tables.find(table.database(), table.name())
                    .orElseThrow(() -> new ClickHouseSetupException(
                            "table " + name + " does not exist; create it with migrate()"));
            new DeduplicationCheck(tables).check(table.database(), table.name(), known);
            check(known);
            checked = known;
        }
        return known;
    }

    private List<Rejection> isolate(
            BatchId batch, EncodedRows rows, InsertSettings settings, ServerErrorException refusal)
            throws InterruptedException {
        List<Rejection> guilty;
        try {
            guilty = PoisonIsolation.isolate(new DryRun(port, settings, target()), table, rows);
        } catch (ServerErrorException e) {
            throw failure(batch, e);
        }
        if (guilty.isEmpty()) {
            throw new ClickHouseUnavailableException(
                    "table " + name + " refused batch " + batch + " with error "
                            + ServerErrors.describe(refusal.code())
                            + ", and a dry run of its rows passes: a materialized view behind it, or an expression"
                            + " that a dry run does not know, refuses them; repair or drop the view",
                    refusal);
        }
        return guilty;
    }

    private RuntimeException failure(BatchId batch, ServerErrorException e) {
        String message = "batch " + batch + " was not stored in table " + name + ": ClickHouse error "
                + ServerErrors.describe(e.code());
        return e.kind() == ServerErrors.Kind.SETUP
                ? new ClickHouseSetupException(message + "; " + ServerErrors.advice(e.code()), e)
                : new ClickHouseUnavailableException(message, e);
    }

    private void check(ServerTable server) {
        if (server.id().getMostSignificantBits() == 0 && server.id().getLeastSignificantBits() == 0) {
            throw new ClickHouseSetupException("table " + name
                    + " has no id to tell it from one made anew; expected a database with ENGINE = Atomic");
        }
        for (Column column : RowEncoder.columns(table)) {
            Optional<ServerColumn> found = server.column(column.name());
            if (found.isEmpty()) {
                throw new ClickHouseSetupException(
                        "table " + name + " has no column " + column.name() + "; add it with migrate()");
            }
            boolean stored = Set.of("", "DEFAULT").contains(found.get().defaultKind());
            if (!found.get().type().equals(column.type().sql()) || !stored) {
                throw new ClickHouseSetupException("table " + name + " has drifted from the catalog: column "
                        + column.name() + " is "
                        + (found.get().type() + " " + found.get().defaultKind()).strip()
                        + " on the server and " + column.type().sql() + " in the catalog");
            }
        }
    }
}
