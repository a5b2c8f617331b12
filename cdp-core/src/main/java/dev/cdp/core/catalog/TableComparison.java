package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.cdp.core.catalog.Impact.Thing;
import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tables that two catalogs give an event. What it says of a server is what {@code migrate()} does: it adds
 * columns that may be NULL, and never rewrites stored rows.
 */
final class TableComparison {

    private final List<ColumnChange> columns = new ArrayList<>();
    private final List<Impact> impacts = new ArrayList<>();

    TableComparison(EventDefinition before, EventDefinition after) {
        TableDefinition was = before.table().orElse(null);
        TableDefinition is = after.table().orElse(null);
        if (was != null && is != null && name(was).equals(name(is))) {
            columns(was, is);
            settings(was, is);
        } else {
            moved(was, is);
        }
    }

    List<ColumnChange> columns() {
        return columns;
    }

    List<Impact> impacts() {
        return impacts;
    }

    private void moved(@Nullable TableDefinition was, @Nullable TableDefinition is) {
        if (was != null) {
            impact(
                    Weight.BREAKING,
                    was,
                    is == null
                            ? "the event has no table any more; its rows stay as they are"
                            : "rows go to " + name(is) + " from now on; copy the old ones, or query both");
        }
        if (is != null) {
            impact(Weight.SAFE, is, "it is created with " + is.columns().size() + " columns of fields");
        }
    }

    private void columns(TableDefinition was, TableDefinition is) {
        for (Column column : is.columns()) {
            Column other = was.column(column.name()).orElse(null);
            if (other == null) {
                added(is, column);
            } else if (!other.type().equals(column.type())) {
                retyped(is, other, column);
            }
        }
        for (Column column : was.columns()) {
            if (is.column(column.name()).isEmpty()) {
                columns.add(new ColumnChange(name(is), column, null));
                impact(
                        column.optional() ? Weight.CARE : Weight.BREAKING,
                        is,
                        "column " + column.name() + " is filled no more; it stays, and new rows have "
                                + (column.optional()
                                        ? "nothing there"
                                        : "a default that looks as if it had been sent"));
            }
        }
    }

    private void added(TableDefinition table, Column column) {
        columns.add(new ColumnChange(name(table), null, column));
        String what = "column " + column.name() + " " + column.type().sql() + " is added";
        if (column.optional()) {
            impact(
                    Weight.SAFE,
                    table,
                    what + "; rows of before have "
                            + (column.type() instanceof ColumnType.Array
                                    ? "an empty array"
                                    : column.type() instanceof ColumnType.Map ? "an empty map" : "NULL"));
        } else {
            impact(
                    Weight.BREAKING,
                    table,
                    what + " and may not be NULL: a loader does not start on a table that has rows; raise 'version:'"
                            + " and keep the old schema under 'versions:', so that it may");
        }
    }

    private void retyped(TableDefinition table, Column was, Column is) {
        columns.add(new ColumnChange(name(table), was, is));
        boolean wider = is.type().holds(was.type());
        impact(
                wider ? Weight.CARE : Weight.BREAKING,
                table,
                "column " + is.name() + " changes from " + was.type().sql() + " to "
                        + is.type().sql()
                        + (wider
                                ? ": every stored value fits, and 'ddl apply' or a loader's migrate() changes it; loaders"
                                        + " with the old catalog stop until they have the new one"
                                : ": stored values may not fit, and a loader does not start before 'ddl apply --allow'"
                                        + " has changed it; look at the values first"));
    }

    private void settings(TableDefinition was, TableDefinition is) {
        String old = "; a table that exists keeps what it was made with: make a new one and copy the rows";
        if (!was.orderBy().equals(is.orderBy())) {
            impact(
                    Weight.CARE,
                    is,
                    "order-by changes from " + String.join(", ", was.orderBy()) + " to "
                            + String.join(", ", is.orderBy()) + old);
        }
        if (!was.partitionBy().equals(is.partitionBy())) {
            impact(Weight.CARE, is, "partition-by changes from " + was.partitionBy() + " to " + is.partitionBy() + old);
        }
        if (!Objects.equals(was.ttlOrNull(), is.ttlOrNull())) {
            impact(
                    Weight.CARE,
                    is,
                    "ttl changes: events older than the table keeps are not insertable, and a table that exists keeps"
                            + " its own");
        }
    }

    private void impact(Weight weight, TableDefinition table, String message) {
        impacts.add(new Impact(weight, Thing.TABLE, name(table), message));
    }

    private static String name(TableDefinition table) {
        return table.database() + "." + table.name();
    }
}
