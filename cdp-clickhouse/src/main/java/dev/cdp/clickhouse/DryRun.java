package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.clickhouse.ServerTable.Constraint;
import dev.cdp.clickhouse.ServerTable.ServerColumn;

/**
 * Inserts rows into nothing, with everything that a table makes of a row: its columns, defaults and materialized columns,
 * and its constraints and partition key as columns that throw. Nothing is stored and no view is fed.
 *
 * @see <a href="https://clickhouse.com/docs/sql-reference/table-functions/null">null()</a>
 */
final class DryRun {

    private static final String PREFIX = "_cdp_dry_";
    private static final Pattern NAMED = Pattern.compile(PREFIX + "([0-9]+)_refuses");

    private final InsertPort port;
    private final InsertSettings settings;
    private final List<String> stored = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    DryRun(InsertPort port, InsertSettings settings, ServerTable table) {
        this.port = port;
        this.settings = settings;
        for (ServerColumn column : table.columns()) {
            String declared = SqlText.name(column.name()) + " " + column.type();
            String computed = declared + " " + column.defaultKind() + " " + column.defaultExpression();
            switch (column.defaultKind()) {
                case "" -> stored.add(declared);
                // ALIAS and EPHEMERAL hold nothing, and other columns' expressions and constraints may read them.
                case "DEFAULT", "ALIAS", "EPHEMERAL" -> stored.add(computed);
                case "MATERIALIZED" ->
                    checks.add(new Check(
                            "the expression of column " + column.name(),
                            column.defaultExpression(),
                            computed,
                            column.name()));
                default ->
                    throw new IllegalArgumentException(
                            "column " + column.name() + " is of a kind that is not known: " + column.defaultKind());
            }
        }
        for (Constraint constraint : table.constraints()) {
            String name = PREFIX + checks.size();
            checks.add(new Check(
                    "the constraint " + constraint.name(),
                    constraint.expression(),
                    SqlText.name(name) + " UInt8 MATERIALIZED throwIf(NOT ifNull(" + constraint.expression() + ", 0), '"
                            + name + "_refuses')",
                    ""));
        }
        if (!table.partitionKey().isEmpty()) {
            checks.add(new Check(
                    "the partition key",
                    table.partitionKey(),
                    SqlText.name(PREFIX + checks.size()) + " UInt8 MATERIALIZED ignore(" + table.partitionKey() + ")",
                    ""));
        }
    }

    /** Why the table would not take these rows, if it would not. */
    Optional<ServerErrorException> refusal(RowRange rows) throws ServerErrorException, InterruptedException {
        return refusal(rows, checks);
    }

    /** What of the table refuses a row, as far as that can be told; {@code refusal} is what it answered. */
    Optional<Check> culprit(RowRange row, ServerErrorException refusal)
            throws ServerErrorException, InterruptedException {
        Matcher named = NAMED.matcher(refusal.serverText());
        if (named.find()) {
            return Optional.of(checks.get(Integer.parseInt(named.group(1))));
        }
        if (refuses(row, List.of())) {
            return Optional.empty();
        }
        for (Check check : checks) {
            if (refuses(row, withWhatItReads(check))) {
                return Optional.of(check);
            }
        }
        return Optional.empty();
    }

    /** A check and the computed columns that it reads, directly or through others. */
    private List<Check> withWhatItReads(Check check) {
        List<Check> all = new ArrayList<>(List.of(check));
        for (int i = 0; i < all.size(); i++) {
            Check reader = all.get(i);
            checks.stream()
                    .filter(other -> !other.column().isEmpty() && reader.reads(other.column()) && !all.contains(other))
                    .forEach(all::add);
        }
        return all;
    }

    /** A check that the server cannot evaluate by itself proves nothing. */
    private boolean refuses(RowRange row, List<Check> checked) throws ServerErrorException, InterruptedException {
        try {
            return refusal(row, checked).isPresent();
        } catch (ServerErrorException e) {
            if (e.kind() == ServerErrors.Kind.SETUP) {
                return false;
            }
            throw e;
        }
    }

    private Optional<ServerErrorException> refusal(RowRange rows, List<Check> checked)
            throws ServerErrorException, InterruptedException {
        List<String> declared = new ArrayList<>(stored);
        checked.forEach(check -> declared.add(check.declaration()));
        String sql = "INSERT INTO FUNCTION null(" + SqlText.text(String.join(", ", declared))
                + ") FORMAT RowBinaryWithNamesAndTypes";
        try {
            port.insert(sql, settings.withoutToken(), "cdp-dry-" + UUID.randomUUID(), rows);
            return Optional.empty();
        } catch (ServerErrorException e) {
            if (e.kind() == ServerErrors.Kind.DATA) {
                return Optional.of(e);
            }
            throw e;
        }
    }

    /**
     * One expression of a table that can refuse a row.
     *
     * @param what names it in a message
     * @param declaration the column of the dry run that evaluates it
     * @param column the table's column that it computes, or empty
     */
    record Check(String what, String expression, String declaration, String column) {

        /** Whether it reads a column. */
        boolean reads(String column) {
            return Pattern.compile("(?<![\\w.])`?" + Pattern.quote(column) + "`?(?!\\w)")
                    .matcher(expression)
                    .find();
        }
    }
}
