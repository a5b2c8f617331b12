package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the ClickHouse type names that {@code x-clickhouse-type} may hold. */
final class ColumnTypes {

    private static final Pattern WRAPPED =
            Pattern.compile("(Nullable\\(|LowCardinality\\(|Array\\(|Map\\(\\s*String\\s*,)(.+)\\)");
    private static final Pattern TUPLE = Pattern.compile("Tuple\\((.+)\\)");
    private static final Pattern FIELD = Pattern.compile("(?:`((?:[^`\\\\]|\\\\.)+)`|(\\w+))\\s+(.+)");
    private static final Pattern PLAIN_NAME =
            Pattern.compile("(?i)(?!(?:all|distinct|from|select|table)$)[a-z_][a-z0-9_]*");
    private static final Pattern INT = Pattern.compile("(U?)Int(8|16|32|64)");
    private static final Pattern DATE_TIME = Pattern.compile("DateTime64\\((\\d)(?:\\s*,\\s*'([\\w/+-]{1,50})')?\\)");
    private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d{1,2})\\s*,\\s*(\\d{1,2})\\)");

    private ColumnTypes() {}

    /** @throws IllegalArgumentException for a type that cdp does not write */
    static ColumnType parse(String sql) {
        String text = sql.strip();
        Matcher wrapped = WRAPPED.matcher(text);
        if (wrapped.matches()) {
            ColumnType element = parse(wrapped.group(2));
            return switch (wrapped.group(1)) {
                case "Nullable(" -> new ColumnType.Nullable(element);
                case "LowCardinality(" -> new ColumnType.LowCardinality(element);
                case "Array(" -> new ColumnType.Array(element);
                default -> new ColumnType.Map(element);
            };
        }
        Matcher tuple = TUPLE.matcher(text);
        if (tuple.matches()) {
            return new ColumnType.Tuple(
                    parts(tuple.group(1)).stream().map(ColumnTypes::field).toList());
        }
        Matcher integer = INT.matcher(text);
        if (integer.matches()) {
            var sign = integer.group(1).isEmpty() ? ColumnType.Int.Sign.SIGNED : ColumnType.Int.Sign.UNSIGNED;
            return new ColumnType.Int(Integer.parseInt(integer.group(2)), sign);
        }
        Matcher dateTime = DATE_TIME.matcher(text);
        if (dateTime.matches()) {
            return new ColumnType.DateTime(
                    Integer.parseInt(dateTime.group(1)), dateTime.group(2) == null ? "UTC" : dateTime.group(2));
        }
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) {
            return new ColumnType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
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
            case "JSON" -> new ColumnType.Json();
            default ->
                throw new IllegalArgumentException("x-clickhouse-type '" + text
                        + "' is not one that cdp writes: Int8…UInt64, Float32, Float64, Bool, String, UUID, IPv4, IPv6,"
                        + " Date32, DateTime64(0…9, 'zone'), Decimal(P, S), JSON, Nullable(T), LowCardinality(T),"
                        + " Array(T), Map(String, T), Tuple(name T, …) in a list or a map");
        };
    }

    /** A name in a type as ClickHouse writes it: a block's header is compared as text. */
    static String quoted(String name) {
        return PLAIN_NAME.matcher(name).matches()
                ? name
                : '`' + name.replace("\\", "\\\\").replace("`", "\\`") + '`';
    }

    private static Column field(String text) {
        Matcher field = FIELD.matcher(text.strip());
        if (!field.matches()) {
            throw new IllegalArgumentException("expected Tuple(name T, …), found a field without a name in it");
        }
        String name = field.group(2) == null ? field.group(1).replaceAll("\\\\(.)", "$1") : field.group(2);
        return new Column(name, "/" + JsonPlace.segment(name), parse(field.group(3)), "");
    }

    /** What stands between the commas that are in no parentheses and no quotes. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '`' || c == '\'') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (c == ',' && depth == 0) {
                    parts.add(text.substring(start, i));
                    start = i + 1;
                }
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
