package dev.cdp.core.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.cdp.core.schema.Column;

/** Which facts a metric counts: a condition on columns, checked against the table when the catalog loads. Immutable. */
public sealed interface Condition {

    /**
     * Reads a condition as {@code where:} of a metric writes it.
     *
     * @param columns the column of a name
     * @throws IllegalArgumentException with what was expected, what was found and where
     */
    static Condition read(String text, Function<String, Optional<Column>> columns) {
        try {
            return ConditionReader.read(text, name -> columns.apply(name).orElse(null));
        } catch (ConditionReader.UnknownColumnException e) {
            throw new IllegalArgumentException("there is no '" + DidYouMean.shown(e.column()) + "' here", e);
        }
    }

    /** Every one of them holds. */
    record And(List<Condition> all) implements Condition {
        /** Copies the list. */
        public And {
            all = List.copyOf(all);
        }
    }

    /** At least one of them holds. */
    record Or(List<Condition> any) implements Condition {
        /** Copies the list. */
        public Or {
            any = List.copyOf(any);
        }
    }

    /** It does not hold. */
    record Not(Condition condition) implements Condition {}

    /** A column compared with a literal of its kind. */
    record Comparison(Column column, Operator operator, Literal value) implements Condition {}

    /** A column is one of several literals of its kind. */
    record In(Column column, List<Literal> values) implements Condition {
        /** Copies the list. */
        public In {
            values = List.copyOf(values);
        }
    }

    /** A column holds nothing. */
    record IsNull(Column column) implements Condition {}

    /** A comparison. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }

        /** As SQL writes it. */
        public String sql() {
            return sql;
        }
    }

    /** A value that stands in a condition. */
    sealed interface Literal {

        /** Text; for a column of times, RFC 3339. */
        record Text(String value) implements Literal {}

        /** A number. */
        record Numeric(BigDecimal value) implements Literal {}

        /** A truth value. */
        record Truth(boolean value) implements Literal {}
    }
}
