package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;

import dev.cdp.clickhouse.DryRun.Check;
import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * Finds the guilty rows of a block that its table refused, by dry runs of halves: at most 2·k·log2(n) + 1 of them for k
 * guilty rows among n. Nothing is inserted into the table, since a view would keep what a failed insert gave it.
 */
final class PoisonIsolation {

    private static final int SMALL_BATCH = 100;

    private final DryRun dryRun;
    private final TableDefinition table;
    private final EncodedRows rows;
    private final List<Rejection> guilty = new ArrayList<>();
    /** How many of them are refused by something that the catalog does not have. */
    private int foreign;

    private PoisonIsolation(DryRun dryRun, TableDefinition table, EncodedRows rows) {
        this.dryRun = dryRun;
        this.table = table;
        this.rows = rows;
    }

    /**
     * The guilty rows; none if the table itself would take them all, and something behind it does not.
     *
     * @throws ClickHouseUnavailableException if more than one row of a hundred is refused by what the server's table has
     *     and the catalog has not, a constraint or an expression: that is the table's doing, and ends with it
     */
    static List<Rejection> isolate(DryRun dryRun, TableDefinition table, EncodedRows rows)
            throws ServerErrorException, InterruptedException {
        PoisonIsolation isolation = new PoisonIsolation(dryRun, table, rows);
        ServerErrorException refusal = isolation.refusal(0, rows.count());
        if (refusal != null) {
            isolation.search(0, rows.count(), refusal);
        }
        return isolation.guilty;
    }

    /** {@code [from, to)} is known to hold a guilty row, by its refusal or else by that of a larger range. */
    private void search(int from, int to, @Nullable ServerErrorException refusal)
            throws ServerErrorException, InterruptedException {
        if (to - from == 1) {
            found(from, refusal == null ? refusal(from, to) : refusal);
            return;
        }
        int middle = (from + to) >>> 1;
        ServerErrorException left = refusal(from, middle);
        if (left == null) {
            search(middle, to, null);
            return;
        }
        search(from, middle, left);
        ServerErrorException right = refusal(middle, to);
        if (right != null) {
            search(middle, to, right);
        }
    }

    private @Nullable ServerErrorException refusal(int from, int to) throws ServerErrorException, InterruptedException {
        return dryRun.refusal(new RowRange(rows, from, to)).orElse(null);
    }

    /** A row that passes by itself is not found, whatever a range around it said. */
    private void found(int row, @Nullable ServerErrorException refusal)
            throws ServerErrorException, InterruptedException {
        if (refusal == null) {
            return;
        }
        String name = table.database() + "." + table.name();
        Check check = dryRun.culprit(new RowRange(rows, row, row + 1), refusal).orElse(null);
        Column column = check == null
                ? null
                : RowEncoder.columns(table).stream()
                        .filter(candidate -> check.reads(candidate.name()))
                        .findFirst()
                        .orElse(null);
        String message = (column == null
                        ? ""
                        : "column " + column.name() + " is " + column.type().sql() + ": ")
                + (check == null ? "table " + name : check.what() + " of table " + name) + " refuses the row";
        guilty.add(new Rejection(
                rows.offset(row), DeadLetterReason.NOT_INSERTABLE, column == null ? "" : column.pointer(), message));
        foreign += check == null ? 0 : 1;
        if (rows.count() > SMALL_BATCH && foreign * 100L > rows.count()) {
            throw new ClickHouseUnavailableException("more than 1 % of a batch of " + rows.count()
                    + " rows is refused by table " + name + ", the last of them because " + message
                    + ": the table has drifted from the catalog, which knows nothing of that. Take back what was changed"
                    + " on the server; loading goes on by itself then");
        }
    }
}
