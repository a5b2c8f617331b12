package dev.cdp.clickhouse;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.clickhouse.RowEncoder.Encoding;
import dev.cdp.clickhouse.ServerTable.ServerColumn;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/** Writes the rows of one table, and knows the table as the server had it when that was last asked. Thread-safe. */
final class TableWriter {

    private static final String FORMAT = " FORMAT RowBinaryWithNamesAndTypes";

    private final InsertPort port;
    private final ServerTables tables;
    private final TableDefinition table;
    private final RowEncoder encoder;
    private final String name;
    private volatile @Nullable ServerTable checked;

    TableWriter(InsertPort port, ServerTables tables, TableDefinition table) {
        this.port = port;
        this.tables = tables;
        this.table = table;
        this.encoder = new RowEncoder(table);
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
            port.insert(
                    "INSERT INTO " + SqlText.name(table.database(), table.name()) + FORMAT,
                    settings.withToken(token),
                    "cdp-" + token,
                    RowRange.all(rows));
            return List.of();
        } catch (ServerErrorException e) {
            checked = null;
            if (e.kind() != ServerErrors.Kind.DATA) {
                throw failure(batch, e);
            }
            return isolate(batch, rows, settings, e);
        } catch (ClickHouseUnavailableException e) {
            checked = null;
            throw e;
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
