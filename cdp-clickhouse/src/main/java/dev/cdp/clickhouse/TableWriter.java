package dev.cdp.clickhouse;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.DeduplicationCheck.Memory;
import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.clickhouse.ServerTable.ServerColumn;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/** Writes the rows of one table, and knows the table as the server had it when that was last asked. Thread-safe. */
final class TableWriter {

    /** Of rows one behind the other. */
    static final String FORMAT = " FORMAT RowBinaryWithNamesAndTypes";

    private static final Pattern VIEW = Pattern.compile("(?:pushing to|of) view '?([^\\s'(),]{1,400})");

    private static final String BLOCK = " FORMAT Native";

    private final InsertPort port;
    private final ServerTables tables;
    private final TableDefinition table;
    private final RowEncoder encoder;
    private final boolean asBlocks;
    /** What wrote earlier blocks, for its memory: a block's columns are as large as its batch. */
    private final Queue<SoftReference<BlockWriter>> spare = new ConcurrentLinkedQueue<>();

    private final String name;
    private volatile @Nullable Target checked;
    /** Batches whose last try got no answer. */
    private final Set<BatchId> unsure = ConcurrentHashMap.newKeySet();

    TableWriter(InsertPort port, ServerTables tables, TableDefinition table) {
        this.port = port;
        this.tables = tables;
        this.table = table;
        this.encoder = new RowEncoder(table);
        this.asBlocks = NativeBlock.possible(RowEncoder.columns(table));
        this.name = table.database() + "." + table.name();
    }

    /** Begins a batch, which keeps its events or not. */
    TableBatch begin(boolean keepsEvents) {
        return new TableBatch(encoder, asBlocks ? emptyBlock() : null, keepsEvents);
    }

    private BlockWriter emptyBlock() {
        SoftReference<BlockWriter> kept = spare.poll();
        BlockWriter writer = kept == null ? null : kept.get();
        return writer == null ? encoder.blockWriter() : writer;
    }

    /** Notes that a batch has its result. */
    void ended(TableBatch batch) {
        BlockWriter block = batch.block();
        if (block != null) {
            block.clear();
            spare.add(new SoftReference<>(block));
        }
    }

    /**
     * Inserts the rows as one block under the batch's token, and reads them back where an earlier attempt may have stored
     * some of them.
     *
     * @return the rows that the table refuses; if there is one, none is stored
     */
    List<Rejection> insert(BatchId batch, TimeSpan times, EncodedEvents rows, Attempt attempt, InsertSettings settings)
            throws InterruptedException {
        try {
            boolean again = attempt == Attempt.AGAIN || unsure.contains(batch);
            if (again) {
                checked = null; // there may be other views now
            }
            Target target = targetNow();
            String token = InsertToken.of(target.table().id(), batch);
            if (again && target.table().keepsItsOwnBlocks()) {
                reconcile(new Reconciliation(port, table, batch, times), target, token, rows, settings);
            } else {
                send(token, rows, target.table().keepsItsOwnBlocks() ? settings : settings.forReplicas());
            }
            unsure.remove(batch);
            return List.of();
        } catch (ServerErrorException e) {
            checked = null;
            if (e.kind() != ServerErrors.Kind.DATA) {
                unsure.add(batch);
                throw failure(batch, e);
            }
            return isolate(batch, rows, settings, e);
        } catch (ClickHouseSetupException e) {
            checked = null;
            if (e.getCause() instanceof ServerErrorException) {
                unsure.add(batch);
                throw untilRepaired(e);
            }
            throw e;
        } catch (ClickHouseUnavailableException | BatchTooLargeException e) {
            checked = null;
            unsure.add(batch);
            throw e;
        }
    }

    /** The table, while rows for it are there: what is wrong with it can be repaired, and the rows wait for that. */
    private Target targetNow() throws InterruptedException {
        try {
            return checkedTarget();
        } catch (ClickHouseSetupException e) {
            throw untilRepaired(e);
        }
    }

    private static ClickHouseUnavailableException untilRepaired(ClickHouseSetupException e) {
        return new ClickHouseUnavailableException(e.getMessage() + ". Loading waits, and continues by itself then", e);
    }

    /** Names every column: rows without names would be stored by half after a column was renamed. */
    static String insertInto(TableDefinition table, String name) {
        return RowEncoder.columns(table).stream()
                .map(column -> SqlText.name(column.name()))
                .collect(Collectors.joining(", ", "INSERT INTO " + name + " (", ")"));
    }

    private void send(String token, EncodedEvents rows, InsertSettings settings)
            throws ServerErrorException, InterruptedException {
        String insert = insertInto(table, SqlText.name(table.database(), table.name()));
        Map<String, String> with = settings.withToken(token);
        List<ByteBuffer> block = rows.block();
        if (block != null && settings.strictBlocks()) {
            port.insert(insert + BLOCK, with, "cdp-" + token, block);
        } else {
            port.insert(insert + FORMAT, with, "cdp-" + token, RowRange.all(rows.rows()));
        }
    }

    /**
     * Sends a batch again that may be there. The token makes that harmless while it is remembered, and lets views have
     * what they miss. A server that dies between noting a token and keeping its block knows the token afterwards, drops
     * the block as a repeat, and does not have it: so the rows are counted in the end.
     */
    private void reconcile(
            Reconciliation reconciliation, Target target, String token, EncodedEvents rows, InsertSettings settings)
            throws ServerErrorException, InterruptedException {
        long before = reconciliation.stored();
        if (before == 0 || reconciliation.remembered(target.memory())) {
            send(token, rows, settings);
        } else if (target.memory().views()) {
            throw new ClickHouseSetupException("table " + name + " holds " + before + " rows of batch "
                    + reconciliation.batch()
                    + ", which may be older than what it and the tables behind its views remember ("
                    + target.memory().parts() + " parts, of which half count): it cannot be known whether the views"
                    + " had all of it. Drop them, start once so that the table is made whole, and build them again"
                    + " (bin/cdp metrics apply for rollups)");
        }
        if (reconciliation.stored() < rows.count()) {
            reconciliation.supply(token, rows.rows(), settings);
        }
    }

    /**
     * The table, which was found to be one that this writer can write to exactly once.
     *
     * @throws ClickHouseSetupException if it is not
     */
    ServerTable target() throws InterruptedException {
        return checkedTarget().table();
    }

    private Target checkedTarget() throws InterruptedException {
        Target known = checked;
        if (known == null) {
            ServerTable found = tables.find(table.database(), table.name())
                    .orElseThrow(() -> new ClickHouseSetupException(
                            "table " + name + " does not exist; create it with migrate()"));
            Memory memory = new DeduplicationCheck(tables).check(table.database(), table.name(), found);
            check(found);
            requireRoomForABatch(found, memory);
            known = new Target(found, memory);
            checked = known;
        }
        return known;
    }

    /** Half of what is remembered, for that is how far back a batch is known to be the same ({@link Reconciliation}). */
    private void requireRoomForABatch(ServerTable server, Memory memory) {
        long parts = PartitionSpan.most(table, server.partitionKey()).orElse(0);
        if (memory.parts() / 2 < parts) {
            throw new ClickHouseSetupException("table " + name + ", or one that it feeds, remembers " + memory.parts()
                    + " parts, and one batch may become " + parts + ": one for each value of " + server.partitionKey()
                    + " within what the table keeps. Half of what is remembered has to hold them; run: ALTER TABLE "
                    + SqlText.name(table.database(), table.name()) + " MODIFY SETTING " + server.windowSetting() + " = "
                    + 2 * parts + " (more, where writers are many), or partition by longer stretches of time");
        }
    }

    private List<Rejection> isolate(
            BatchId batch, EncodedEvents rows, InsertSettings settings, ServerErrorException refusal)
            throws InterruptedException {
        List<Rejection> guilty;
        try {
            guilty = PoisonIsolation.isolate(
                    new DryRun(port, settings, targetNow().table()), table, rows.rows());
        } catch (ServerErrorException e) {
            throw failure(batch, e);
        }
        if (guilty.isEmpty()) {
            String behind = view(refusal)
                    .map(view -> view + " refuses them; repair or drop it")
                    .orElse(
                            "a materialized view behind it, or an expression that a dry run does not know, refuses them;"
                                    + " repair or drop the view");
            throw new ClickHouseUnavailableException(
                    "table " + name + " refused batch " + batch + " with error "
                            + ServerErrors.describe(refusal.code()) + ", and a dry run of its rows passes: " + behind
                            + ". Loading continues by itself then",
                    refusal);
        }
        return guilty;
    }

    /** A refusal that is not about values: of a table that has changed, or of a view behind it. */
    private RuntimeException failure(BatchId batch, ServerErrorException e) throws InterruptedException {
        String message = "batch " + batch + " was not stored in table " + name + ": ClickHouse error "
                + ServerErrors.describe(e.code());
        return switch (e.kind()) {
            case SETUP -> {
                Optional<String> view = view(e);
                if (view.isEmpty()) {
                    targetNow(); // says what has changed
                    view = tables.viewWithoutTarget(table.database(), table.name())
                            .map(of -> "materialized view " + of);
                }
                String why = view.map(of -> of + " refuses the rows; repair or drop it")
                        .orElse(ServerErrors.advice(e.code()));
                yield new ClickHouseUnavailableException(
                        message + "; " + why + ". Loading waits, and continues by itself then", e);
            }
            case TOO_LARGE -> new BatchTooLargeException(message, e);
            case OUTAGE, DATA ->
                new ClickHouseUnavailableException(
                        message.replace(ServerErrors.describe(e.code()), ServerErrors.describeWithAdvice(e.code())), e);
        };
    }

    /** The view that the server names; only one that there is, since the server's words may quote a row. */
    private Optional<String> view(ServerErrorException refusal) throws InterruptedException {
        Matcher named = VIEW.matcher(refusal.serverText());
        Set<String> names = new TreeSet<>();
        while (named.find()) {
            names.add(named.group(1).replace("`", "").replaceAll("\\.$", ""));
        }
        return names.isEmpty()
                ? Optional.empty()
                : tables.materializedView(names).map(view -> "materialized view " + view);
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
            if (!found.get().holds(column.type()) || !stored) {
                throw new ClickHouseSetupException("table " + name + " has drifted from the catalog: column "
                        + column.name() + " is "
                        + (found.get().type() + " " + found.get().defaultKind()).strip()
                        + " on the server and " + column.type().sql() + " in the catalog");
            }
        }
    }

    /** The table as it was found, and what it remembers. */
    private record Target(ServerTable table, Memory memory) {}
}
