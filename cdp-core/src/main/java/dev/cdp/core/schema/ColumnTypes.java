package dev.cdp.core.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the ClickHouse type names that {@code x-clickhouse-type} may hold. */
final class ColumnTypes {

    private static final Pattern WRAPPED = Pattern.compile("(Nullable|LowCardinality|Array)\\((.+)\\)");
    private static final Pattern INT = Pattern.compile("(U?)Int(8|16|32|64)");
    private static final Pattern DATE_TIME = Pattern.compile("DateTime64\\((\\d)(?:\\s*,\\s*'UTC')?\\)");

    private ColumnTypes() {}

    /** @throws IllegalArgumentException for a type that cdp does not write */
    static ColumnType parse(String sql) {
        String text = sql.strip();
        Matcher wrapped = WRAPPED.matcher(text);
        if (wrapped.matches()) {
            ColumnType element = parse(wrapped.group(2));
            return switch (wrapped.group(1)) {
                case "Nullable" -> new ColumnType.Nullable(element);
                case "LowCardinality" -> new ColumnType.LowCardinality(element);
                default -> new ColumnType.Array(element);
            };
        }
        Matcher integer = INT.matcher(text);
        if (integer.matches()) {
            var sign = integer.group(1).isEmpty() ? ColumnType.Int.Sign.SIGNED : ColumnType.Int.Sign.UNSIGNED;
            return new ColumnType.Int(Integer.parseInt(integer.group(2)), sign);
        }
        Matcher dateTime = DATE_TIME.matcher(text);
        if (dateTime.matches()) {
            return new ColumnType.DateTime(Integer.parseInt(dateTime.group(1)));
        }
        return switch (text) {
            case "String" -> new ColumnType.Text();
            case "Bool" -> new ColumnType.Bool();
            case "UUID" -> new ColumnType.Uuid();
            case "IPv4" -> new ColumnType.Ipv4();
            case "IPv6" -> new ColumnType.Ipv6();
            case "Date32" -> new ColumnType.Date();
            case "Float32" -> new ColumnType.Real(32);
            case "Float64" -> new ColumnType.Real(64);
            default ->
                throw new IllegalArgumentException("x-clickhouse-type '" + text
                        + "' is not one that cdp writes: Int8…UInt64, Float32, Float64, Bool, String, UUID, IPv4, IPv6,"
                        + " Date32, DateTime64(0…9), Nullable(T), LowCardinality(T), Array(T)");
        };
    }
}
