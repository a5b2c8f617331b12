package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the ClickHouse type names that {@code x-clickhouse-type} may hold, and no others: what ClickHouse itself refuses in a
 * table is refused here. A type is written again from what was read.
 */
final class ColumnTypes {

    private static final int MAX_LENGTH = 20_000;
    private static final int MAX_DEPTH = 20;
    private static final Pattern PLAIN_NAME =
            Pattern.compile("(?i)(?!(?:all|distinct|from|select|table)$)[a-z_][a-z0-9_]*");
    private static final Pattern TOKEN = Pattern.compile("\\s*+(?:([A-Za-z_][A-Za-z0-9_]*+)|`((?:[^`\\\\]|\\\\.)++)`"
            + "|([0-9]{1,2})(?![0-9A-Za-z_])|'([A-Za-z0-9_/+-]{1,50})'|([(),]))");
    private static final Pattern INT = Pattern.compile("(U?)Int(8|16|32|64)");
    private static final Pattern SIZE = Pattern.compile("size[0-9]+");

    private final String text;
    private final Matcher matcher;
    private int end;
    private Token token = new Token(Sort.END, "");

    private ColumnTypes(String text) {
        this.text = text;
        this.matcher = TOKEN.matcher(text);
    }

    /** @throws IllegalArgumentException for a type that cdp does not write */
    static ColumnType parse(String sql) {
        if (sql.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("expected a type of at most " + MAX_LENGTH + " characters");
        }
        ColumnTypes reader = new ColumnTypes(sql);
        reader.next();
        ColumnType type = reader.type(0);
        if (reader.token.sort != Sort.END) {
            throw reader.unknown();
        }
        return type;
    }

    /** A name in a type as ClickHouse writes it: a block's header is compared as text. */
    static String quoted(String name) {
        return PLAIN_NAME.matcher(name).matches()
                ? name
                : '`' + name.replace("\\", "\\\\").replace("`", "\\`") + '`';
    }

    /**
     * Whether an element of a tuple may have that name. ClickHouse keeps an element's values in a file of the column's and the
     * element's name: {@code null} and {@code size0} are the names of its own files there, and what has a dot in it is read as
     * an element of an element. It was seen to end on such a name, and to lose the part.
     */
    static boolean isElementName(String name) {
        return !name.isEmpty()
                && name.indexOf('.') < 0
                && name.chars().noneMatch(c -> c < ' ' || c == 127)
                && !name.equalsIgnoreCase("null")
                && !SIZE.matcher(name).matches();
    }

    private ColumnType type(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("expected a type of at most " + MAX_DEPTH + " types inside each other");
        }
        if (token.sort != Sort.NAME) {
            throw unknown();
        }
        String name = token.text;
        next();
        Matcher integer = INT.matcher(name);
        if (integer.matches()) {
            var sign = integer.group(1).isEmpty() ? ColumnType.Int.Sign.SIGNED : ColumnType.Int.Sign.UNSIGNED;
            return new ColumnType.Int(Integer.parseInt(integer.group(2)), sign);
        }
        return switch (name) {
            case "String" -> new ColumnType.Text();
            case "Bool" -> new ColumnType.Bool();
            case "UUID" -> new ColumnType.Uuid();
            case "IPv4" -> new ColumnType.Ipv4();
            case "IPv6" -> new ColumnType.Ipv6();
            case "Date32" -> new ColumnType.Date();
            case "Float32" -> new ColumnType.Real(32);
            case "Float64" -> new ColumnType.Real(64);
            case "JSON" -> new ColumnType.Json();
            case "DateTime64" -> dateTime();
            case "Decimal" -> decimal();
            case "Nullable", "LowCardinality", "Array" -> wrapped(name, depth);
            case "Map" -> map(depth);
            case "Tuple" -> tuple(depth);
            default -> throw unknown();
        };
    }

    private ColumnType dateTime() {
        sign("(");
        int precision = number();
        String zone = "UTC";
        if (token.sort == Sort.SIGN && token.text.equals(",")) {
            next();
            zone = take(Sort.TEXT);
        }
        sign(")");
        return new ColumnType.DateTime(precision, zone);
    }

    private ColumnType decimal() {
        sign("(");
        int precision = number();
        sign(",");
        int scale = number();
        sign(")");
        return new ColumnType.Decimal(precision, scale);
    }

    private ColumnType wrapped(String name, int depth) {
        sign("(");
        ColumnType element = type(depth + 1);
        sign(")");
        if (name.equals("Array")) {
            return new ColumnType.Array(element);
        }
        ColumnType inner = name.equals("LowCardinality") && element instanceof ColumnType.Nullable nullable
                ? nullable.element()
                : element;
        boolean fits = name.equals("LowCardinality")
                ? inner instanceof ColumnType.Text || inner instanceof ColumnType.Uuid
                : !(inner instanceof ColumnType.Nullable
                        || inner instanceof ColumnType.LowCardinality
                        || inner instanceof ColumnType.Array
                        || inner instanceof ColumnType.Map
                        || inner instanceof ColumnType.Tuple);
        if (!fits) {
            throw new IllegalArgumentException("ClickHouse has no " + name + "(" + element.sql() + ") in a table; "
                    + (name.equals("LowCardinality")
                            ? "a dictionary is of String or UUID, or Nullable of them"
                            : "lists, maps, tuples and dictionaries cannot be NULL themselves"));
        }
        return name.equals("LowCardinality")
                ? new ColumnType.LowCardinality(element)
                : new ColumnType.Nullable(element);
    }

    private ColumnType map(int depth) {
        sign("(");
        if (!take(Sort.NAME).equals("String")) {
            throw unknown();
        }
        sign(",");
        ColumnType value = type(depth + 1);
        sign(")");
        return new ColumnType.Map(value);
    }

    private ColumnType tuple(int depth) {
        sign("(");
        List<Column> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        do {
            if (!fields.isEmpty()) {
                next();
            }
            boolean named = token.sort == Sort.QUOTED_NAME || token.sort == Sort.NAME;
            String name = named ? token.text : "";
            next();
            if (!named || token.sort != Sort.NAME) {
                throw new IllegalArgumentException("expected Tuple(name T, …), found a field without a name in it");
            }
            if (!isElementName(name) || !names.add(name)) {
                throw new IllegalArgumentException("a field of a tuple cannot be called '" + SchemaDocuments.shown(name)
                        + "': expected other names than null, size0, size1, …, each once, without dots and control"
                        + " characters");
            }
            fields.add(new Column(name, "/" + JsonPlace.segment(name), type(depth + 1), ""));
        } while (token.sort == Sort.SIGN && token.text.equals(","));
        sign(")");
        return new ColumnType.Tuple(fields);
    }

    private int number() {
        return Integer.parseInt(take(Sort.NUMBER));
    }

    private void sign(String sign) {
        if (token.sort != Sort.SIGN || !token.text.equals(sign)) {
            throw unknown();
        }
        next();
    }

    private String take(Sort sort) {
        if (token.sort != sort) {
            throw unknown();
        }
        String taken = token.text;
        next();
        return taken;
    }

    private void next() {
        if (text.substring(end).isBlank()) {
            token = new Token(Sort.END, "");
            return;
        }
        if (!matcher.region(end, text.length()).lookingAt()) {
            throw unknown();
        }
        end = matcher.end();
        for (Sort sort : Sort.values()) {
            String group = sort.group > 0 ? matcher.group(sort.group) : null;
            if (group != null) {
                token = new Token(sort, sort == Sort.QUOTED_NAME ? group.replaceAll("\\\\(.)", "$1") : group);
            }
        }
    }

    private IllegalArgumentException unknown() {
        return new IllegalArgumentException("x-clickhouse-type '" + SchemaDocuments.shown(text.strip())
                + "' is not one that cdp writes: Int8…UInt64, Float32, Float64, Bool, String, UUID, IPv4, IPv6,"
                + " Date32, DateTime64(0…9, 'zone'), Decimal(P, S), JSON, Nullable(T), LowCardinality(T),"
                + " Array(T), Map(String, T), Tuple(name T, …) in a list or a map");
    }

    /** What a token is, and the group of {@link #TOKEN} that it stands in. */
    private enum Sort {
        NAME(1),
        QUOTED_NAME(2),
        NUMBER(3),
        TEXT(4),
        SIGN(5),
        END(0);

        private final int group;

        Sort(int group) {
            this.group = group;
        }
    }

    private record Token(Sort sort, String text) {}
}
