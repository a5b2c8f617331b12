package dev.cdp.clickhouse;

import java.util.regex.Pattern;

/** Names and texts as they stand in ClickHouse's SQL: validated where they must be, and always quoted. */
public final class SqlText {

    private static final int MAX_NAME = 200;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private SqlText() {}

    /**
     * A name, quoted.
     *
     * @throws IllegalArgumentException for a name that no table, column or database should have
     */
    public static String name(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME || CONTROL.matcher(name).find()) {
            throw new IllegalArgumentException("a name in ClickHouse is 1 to " + MAX_NAME
                    + " characters without control characters, found one of " + name.length());
        }
        return '`' + name.replace("\\", "\\\\").replace("`", "\\`") + '`';
    }

    /** A table's name with its database's, quoted. */
    public static String name(String database, String table) {
        return name(database) + "." + name(table);
    }

    /** A text literal. */
    public static String text(String text) {
        return '\'' + text.replace("\\", "\\\\").replace("'", "\\'") + '\'';
    }

    /**
     * An expression that a catalog gives, unchanged.
     *
     * @throws IllegalArgumentException if it could end the clause that it stands in
     */
    static String expression(String expression) {
        int depth = 0;
        boolean closed = true;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            closed &= depth >= 0;
        }
        boolean comment = expression.contains("--") || expression.contains("/*") || expression.contains("#");
        if (expression.isBlank() || depth != 0 || !closed || comment || expression.contains(";")) {
            throw new IllegalArgumentException(
                    "expected one ClickHouse expression with its parentheses closed and without comments and ';', found '"
                            + expression + "'");
        }
        return expression;
    }
}
