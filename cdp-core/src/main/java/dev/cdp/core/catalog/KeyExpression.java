package dev.cdp.core.catalog;

import java.util.List;
import java.util.stream.Collectors;

/** A part of a {@link PartitionKey}, read and checked. Immutable. */
public sealed interface KeyExpression {

    /**
     * A column of the table.
     *
     * @param name as the table has it, not quoted
     */
    record OfColumn(String name) implements KeyExpression {

        @Override
        public String toString() {
            return name;
        }
    }

    /** A whole number. */
    record Whole(long value) implements KeyExpression {

        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /**
     * A time zone.
     *
     * @param id one that this JVM knows
     */
    record Zone(String id) implements KeyExpression {

        @Override
        public String toString() {
            return "'" + id + "'";
        }
    }

    /** A pure function of others. */
    record Call(KeyFunction function, List<KeyExpression> arguments) implements KeyExpression {

        /** Copies the list. */
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String toString() {
            return arguments.stream()
                    .map(KeyExpression::toString)
                    .collect(Collectors.joining(", ", function.sql() + "(", ")"));
        }
    }
}
