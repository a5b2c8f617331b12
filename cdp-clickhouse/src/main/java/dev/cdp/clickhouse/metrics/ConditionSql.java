package dev.cdp.clickhouse.metrics;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Condition;
import dev.cdp.core.catalog.Condition.Literal;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/** Writes a condition as SQL; {@code columns} is how a column is written. Every literal is escaped. */
record ConditionSql(Function<Column, String> columns) {

    private static final DateTimeFormatter NANOS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS").withZone(ZoneOffset.UTC);

    String of(Condition condition) {
        if (condition instanceof Condition.And and) {
            return joined(and.all(), " AND ");
        }
        if (condition instanceof Condition.Or or) {
            return joined(or.any(), " OR ");
        }
        if (condition instanceof Condition.Not not) {
            return "NOT (" + of(not.condition()) + ")";
        }
        if (condition instanceof Condition.Comparison comparison) {
            return columns.apply(comparison.column()) + " "
                    + comparison.operator().sql() + " " + literal(comparison.column(), comparison.value());
        }
        if (condition instanceof Condition.In in) {
            return columns.apply(in.column()) + " IN "
                    + in.values().stream()
                            .map(value -> literal(in.column(), value))
                            .collect(Collectors.joining(", ", "(", ")"));
        }
        if (condition instanceof Condition.IsNull isNull) {
            return columns.apply(isNull.column()) + " IS NULL";
        }
        throw new IllegalStateException("a condition of an unknown kind: " + condition.getClass());
    }

    private String joined(List<Condition> conditions, String by) {
        return conditions.stream().map(this::of).collect(Collectors.joining(by, "(", ")"));
    }

    private static String literal(Column column, Literal literal) {
        if (literal instanceof Literal.Truth truth) {
            return String.valueOf(truth.value());
        }
        if (literal instanceof Literal.Numeric number) {
            return number.value().toPlainString();
        }
        String text = ((Literal.Text) literal).value();
        ColumnType type = Columns.bare(column.type());
        if (type instanceof ColumnType.DateTime) {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            boolean millis = instant.equals(instant.truncatedTo(ChronoUnit.MILLIS));
            return millis ? TimeSql.instant(instant) : "toDateTime64('" + NANOS.format(instant) + "', 9, 'UTC')";
        }
        return type instanceof ColumnType.Date ? "toDate32(" + SqlText.text(text) + ")" : SqlText.text(text);
    }
}
