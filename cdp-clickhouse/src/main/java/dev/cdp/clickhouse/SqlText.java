package dev.cdp.clickhouse;

import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.KeyExpression;
import dev.cdp.core.catalog.PartitionKey;

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

    /** A text literal, without a control character in it. */
    public static String text(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 2).append('\'');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ' || c == 127) {
                literal.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('\'').toString();
    }

    /** A partition key, written from what was read of it. */
    public static String key(PartitionKey key) {
        if (key.parts().isEmpty()) {
            return "tuple()";
        }
        String list = key.parts().stream().map(SqlText::expression).collect(Collectors.joining(", "));
        return key.parts().size() == 1 ? list : "(" + list + ")";
    }

    private static String expression(KeyExpression expression) {
        if (expression instanceof KeyExpression.OfColumn column) {
            return name(column.name());
        }
        if (expression instanceof KeyExpression.Whole whole) {
            return Long.toString(whole.value());
        }
        if (expression instanceof KeyExpression.Zone zone) {
            return text(zone.id());
        }
        KeyExpression.Call call = (KeyExpression.Call) expression;
        return call.arguments().stream()
                .map(SqlText::expression)
                .collect(Collectors.joining(", ", call.function().sql() + "(", ")"));
    }
}
