package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.MigrationStep.Risk;
import dev.cdp.clickhouse.ServerTable.ServerColumn;
import dev.cdp.core.catalog.Codec;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.PartitionKey;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/**
 * What stands between a table of the catalog and the one that the server has. What only the server has is left alone: it
 * is somebody else's, or an old version's.
 */
final class TableDifference {

    private static final Pattern TTL_SECONDS =
            Pattern.compile("toDateTime\\(event_time\\) \\+ toIntervalSecond\\((\\d{1,15})\\)");

    private final TableDdl ddl;
    private final EventDefinition event;
    private final TableDefinition table;
    private final ServerTable server;
    private final String name;
    private final List<MigrationStep> steps = new ArrayList<>();

    TableDifference(TableDdl ddl, EventDefinition event, TableDefinition table, ServerTable server) {
        this.ddl = ddl;
        this.event = event;
        this.table = table;
        this.server = server;
        this.name = table.database() + "." + table.name();
    }

    /** {@code expired}: how many stored rows are older than the catalog keeps them. */
    List<MigrationStep> steps(long expired) {
        for (Column column : RowEncoder.columns(table)) {
            server.column(column.name()).ifPresentOrElse(found -> changed(column, found), () -> added(column));
        }
        fixed(
                "engine",
                server.engine().replaceFirst("^(Replicated|Shared)", ""),
                table.engine().sql());
        fixed("order-by", server.sortingKey(), String.join(", ", table.orderBy()));
        if (!samePartitions()) {
            fixed("partition-by", server.partitionKey(), table.partitionBy().toString());
        }
        ttl(expired);
        if (!server.comment().equals(event.description())) {
            step("comment", "", ddl.commentTable(table, event.description()), Risk.SAFE, "a comment");
        }
        return steps;
    }

    /** However the server writes it. */
    private boolean samePartitions() {
        try {
            return table.partitionBy()
                    .equals(PartitionKey.parse(
                            server.partitionKey(),
                            name -> RowEncoder.columns(table).stream()
                                    .filter(column -> column.name().equals(name))
                                    .map(Column::type)
                                    .findFirst()));
        } catch (IllegalArgumentException e) {
            return false; // a key that cdp does not write
        }
    }

    /** Whether the table keeps rows for another time than the catalog says. */
    boolean ttlDiffers() {
        return !plain(server.ttl())
                .equals(plain(
                        table.ttl().map(ttl -> TableDdl.ttl(ttl.toSeconds())).orElse("")));
    }

    private void added(Column column) {
        boolean safe = column.optional() || server.rows() == 0;
        step(
                "add-column",
                column.name(),
                ddl.addColumn(table, column),
                safe ? Risk.SAFE : Risk.NAMED,
                safe
                        ? "rows of before have nothing there"
                        : "table " + name + " has rows and no column " + column.name()
                                + ", which the catalog requires: the old rows would show a default as if it had been"
                                + " sent. Raise the event's version and keep the old schema under versions:, so that"
                                + " the column may be NULL");
    }

    private void changed(Column column, ServerColumn found) {
        if (!found.holds(column.type())) {
            retyped(column, found);
        } else if (!found.defaultKind().isEmpty() && !found.defaultKind().equals("DEFAULT")) {
            step(
                    "modify-column",
                    column.name(),
                    "",
                    Risk.IMPOSSIBLE,
                    "column " + column.name() + " is " + found.defaultKind()
                            + " on the server and cannot be written; give the field or that column another name");
        }
        if (!found.comment().equals(column.description())) {
            step("comment-column", column.name(), ddl.commentColumn(table, column), Risk.SAFE, "a comment");
        }
        Codec codec = table.codec().orElse(null);
        if (codec != null && !found.codec().matches("CODEC\\(" + Pattern.quote(codec.sql()) + "(\\(\\d+\\))?\\)")) {
            step(
                    "codec",
                    column.name(),
                    ddl.modifyCodec(table, column, codec),
                    Risk.SAFE,
                    "what is stored is compressed anew when it is merged");
        }
    }

    private void retyped(Column column, ServerColumn found) {
        String sql = ddl.modifyType(table, column);
        String what = "column " + column.name() + " is " + found.type() + " on the server and "
                + column.type().sql() + " in the catalog";
        if (found.key()) {
            step(
                    "modify-column",
                    column.name(),
                    "",
                    Risk.IMPOSSIBLE,
                    what + ", and it is part of the table's key: make a new table and copy the rows");
        } else if (server.rows() == 0 || holds(column.type(), found.type())) {
            step(
                    "modify-column",
                    column.name(),
                    sql,
                    Risk.SAFE,
                    what + "; every stored value fits, and the server rewrites the column. Loaders with the old"
                            + " catalog stop until they have the new one");
        } else {
            step(
                    "modify-column",
                    column.name(),
                    sql,
                    Risk.NAMED,
                    what + ", which may not hold what is stored. If every stored value fits, stop the loaders and run: "
                            + sql);
        }
    }

    private static boolean holds(ColumnType type, String stored) {
        try {
            return ColumnType.parse(type.sql()).holds(ColumnType.parse(stored));
        } catch (IllegalArgumentException e) {
            return false; // a type that cdp does not write
        }
    }

    private void fixed(String what, String found, String wanted) {
        if (!plain(found).equals(plain(wanted))) {
            step(
                    what,
                    "",
                    "",
                    Risk.IMPOSSIBLE,
                    "table " + name + " has " + what + " " + found + " and the catalog says " + wanted
                            + ", which a table keeps for life: make a new table and copy the rows, or take the change"
                            + " back");
        }
    }

    private void ttl(long expired) {
        if (!ttlDiffers()) {
            return;
        }
        Matcher known = TTL_SECONDS.matcher(server.ttl());
        boolean ours = server.ttl().isEmpty() || known.matches();
        step(
                "ttl",
                "",
                ddl.modifyTtl(table),
                ours && expired == 0 ? Risk.SAFE : Risk.NAMED,
                !ours
                        ? "the server's TTL is one that cdp did not make: " + server.ttl()
                        : expired == 0
                                ? "no stored row is older than that"
                                : expired + " stored rows are older than that and would be deleted");
    }

    private void step(String what, String column, String sql, Risk risk, String why) {
        steps.add(new MigrationStep(what + ":" + name + (column.isEmpty() ? "" : "." + column), sql, risk, why));
    }

    /** Without what does not count: spaces, quotes, and parentheses around all of it. */
    private static String plain(String expression) {
        String plain = expression
                .chars()
                .filter(c -> !Character.isWhitespace(c) && c != '`')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        boolean around = plain.startsWith("(") && plain.endsWith(")") && closesAtTheEnd(plain);
        return around ? plain.substring(1, plain.length() - 1) : plain;
    }

    private static boolean closesAtTheEnd(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0 && i < text.length() - 1) {
                return false;
            }
        }
        return true;
    }
}
