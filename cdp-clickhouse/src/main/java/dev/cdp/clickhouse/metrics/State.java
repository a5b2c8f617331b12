package dev.cdp.clickhouse.metrics;

import dev.cdp.clickhouse.SqlText;

/**
 * An aggregate function over those facts that a condition lets through: what a table of facts is asked for, and what a
 * rollup keeps a part of.
 *
 * @param function as ClickHouse calls it
 * @param parameters in parentheses, or empty
 * @param argument an expression over a table of facts {@code f}, or empty
 * @param type the argument's type, or empty
 * @param condition over {@code f}, never NULL; empty for all facts
 * @param of what the argument is about, for the column's name
 */
record State(String function, String parameters, String argument, String type, String condition, String of) {

    private static final int MAX_OF = 100;

    static final State COUNT = new State("count", "", "", "", "", "");

    /** Over the facts that the query lets through. */
    String overFacts() {
        return function + parameters + "(" + argument + ")";
    }

    /** What a view writes into a rollup. */
    String state() {
        return condition.isEmpty()
                ? function + "State" + parameters + "(" + argument + ")"
                : function + "StateIf" + parameters + "(" + argument + (argument.isEmpty() ? "" : ", ") + condition
                        + ")";
    }

    /** Over the rows of a rollup {@code r}. */
    String overRollup() {
        return function + "Merge" + parameters + "(r." + SqlText.name(column()) + ")";
    }

    /** The column of a rollup that it is kept in; no column of facts has such a name. */
    String column() {
        if (equals(COUNT)) {
            return "_count";
        }
        String about = of.isEmpty() ? "" : "_" + of.substring(0, Math.min(of.length(), MAX_OF));
        return "_" + function + about + "_" + Hash.of(parameters + '\n' + argument + '\n' + type + '\n' + condition);
    }

    String columnType() {
        return "AggregateFunction(" + function + parameters + (type.isEmpty() ? "" : ", " + type) + ")";
    }
}
