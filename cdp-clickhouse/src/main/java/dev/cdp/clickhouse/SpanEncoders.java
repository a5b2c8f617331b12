package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/** The {@link SpanEncoder} of each column type: what it writes is what the {@link ValueEncoders} write. */
final class SpanEncoders {

    private static final int UUID = 36 + 2;

    /** The value of each hexadecimal digit, 0 for a hyphen, a negative number for any other byte. */
    private static final byte[] HEX = hexDigits();

    private SpanEncoders() {}

    static SpanEncoder of(ColumnType type) {
        if (type instanceof ColumnType.Nullable nullable) {
            return nullable(of(nullable.element()));
        }
        if (type instanceof ColumnType.LowCardinality low) {
            return of(low.element());
        }
        if (type instanceof ColumnType.Array array) {
            return array(of(array.element()));
        }
        if (type instanceof ColumnType.Map map) {
            return map(of(map.value()));
        }
        if (type instanceof ColumnType.Tuple tuple) {
            return new TupleSpan(tuple);
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return NumberSpans.decimal(decimal);
        }
        if (type instanceof ColumnType.Int integer) {
            return NumberSpans.integer(integer);
        }
        if (type instanceof ColumnType.Real real) {
            return NumberSpans.real(real);
        }
        if (type instanceof ColumnType.DateTime time) {
            return TimeSpans.dateTime(time);
        }
        return plain(type);
    }

    private static SpanEncoder plain(ColumnType type) {
        if (type instanceof ColumnType.Text) {
            return SpanEncoders::text;
        }
        if (type instanceof ColumnType.JsonText) {
            return SpanEncoders::jsonText;
        }
        if (type instanceof ColumnType.Json) {
            return (json, from, end, out) -> json[from] == '{' && jsonText(json, from, end, out);
        }
        if (type instanceof ColumnType.Bool) {
            return SpanEncoders::bool;
        }
        if (type instanceof ColumnType.Uuid) {
            return SpanEncoders::uuid;
        }
        if (type instanceof ColumnType.Date) {
            return TimeSpans::date;
        }
        if (type instanceof ColumnType.Ipv4) {
            return SpanEncoders::ipv4;
        }
        if (type instanceof ColumnType.Ipv6) {
            return SpanEncoders::ipv6;
        }
        throw new IllegalArgumentException("no encoding of " + type.sql());
    }

    /** Writes what an absent field is: NULL, or an empty list or map; {@code false} where it may not be absent. */
    static boolean absent(Column column, RowBuffer out) {
        if (!column.optional()) {
            return false;
        }
        // An empty list and an empty map are a count of 0, and NULL is the byte 1.
        out.int8(column.type() instanceof ColumnType.Array || column.type() instanceof ColumnType.Map ? 0 : 1);
        return true;
    }

    private static SpanEncoder nullable(SpanEncoder element) {
        return (json, from, end, out) -> {
            if (json[from] == 'n') {
                out.int8(1);
                return true;
            }
            out.int8(0);
            return element.encode(json, from, end, out);
        };
    }

    /** The count as LEB128, then the elements. */
    private static SpanEncoder array(SpanEncoder element) {
        return (json, from, end, out) -> {
            if (json[from] != '[') {
                return json[from] == 'n' && out.int8(0);
            }
            int start = out.size();
            int count = 0;
            int p = JsonSpans.next(json, from + 1);
            while (json[p] != ']') {
                int close = JsonSpans.end(json, p);
                if (!element.encode(json, p, close, out)) {
                    return false;
                }
                count++;
                p = JsonSpans.next(json, JsonSpans.plain(close));
                p = json[p] == ',' ? JsonSpans.next(json, p + 1) : p;
            }
            out.countAt(start, count);
            return true;
        };
    }

    /** The count as LEB128, then each name and its value. */
    private static SpanEncoder map(SpanEncoder value) {
        return (json, from, end, out) -> {
            if (json[from] != '{') {
                return json[from] == 'n' && out.int8(0);
            }
            int start = out.size();
            int count = 0;
            int p = JsonSpans.next(json, from + 1);
            while (json[p] != '}') {
                int close = JsonSpans.end(json, p);
                int colon = JsonSpans.next(json, JsonSpans.plain(close));
                int first = JsonSpans.next(json, colon + 1);
                int last = JsonSpans.end(json, first);
                if (!text(json, p, close, out) || !value.encode(json, first, last, out)) {
                    return false;
                }
                count++;
                p = JsonSpans.next(json, JsonSpans.plain(last));
                p = json[p] == ',' ? JsonSpans.next(json, p + 1) : p;
            }
            out.countAt(start, count);
            return true;
        };
    }

    private static boolean text(byte[] json, int from, int end, RowBuffer out) {
        if (json[from] != '"') {
            return false;
        }
        if (end >= 0) {
            out.string(json, from + 1, end - 1);
        } else {
            out.unescaped(json, from + 1, ~end - 1);
        }
        return true;
    }

    /** The text as it stands. */
    private static boolean jsonText(byte[] json, int from, int end, RowBuffer out) {
        out.string(json, from, JsonSpans.plain(end));
        return true;
    }

    private static boolean bool(byte[] json, int from, int end, RowBuffer out) {
        if (json[from] != 't' && json[from] != 'f') {
            return false;
        }
        return out.int8(json[from] == 't' ? 1 : 0);
    }

    private static boolean uuid(byte[] json, int from, int end, RowBuffer out) {
        if (end - from != UUID || json[from] != '"') {
            return false;
        }
        int p = from + 1;
        boolean hyphens = json[p + 8] == '-' && json[p + 13] == '-' && json[p + 18] == '-' && json[p + 23] == '-';
        long high = hex(json, p, 8) << 32 | hex(json, p + 9, 4) << 16 | hex(json, p + 14, 4);
        long low = hex(json, p + 19, 4) << 48 | hex(json, p + 24, 12);
        if (!hyphens || !allHex(json, p)) {
            return false;
        }
        out.int64(high);
        out.int64(low);
        return true;
    }

    private static long hex(byte[] json, int from, int digits) {
        long value = 0;
        for (int p = from; p < from + digits; p++) {
            value = value << 4 | (HEX[json[p] & 0xFF] & 0xF);
        }
        return value;
    }

    private static boolean allHex(byte[] json, int from) {
        int wrong = 0;
        for (int i = 0; i < 36; i++) {
            wrong |= HEX[json[from + i] & 0xFF];
        }
        return wrong >= 0;
    }

    private static byte[] hexDigits() {
        byte[] table = new byte[256];
        Arrays.fill(table, (byte) -1);
        for (int i = 0; i < 16; i++) {
            table["0123456789abcdef".charAt(i)] = (byte) i;
            table["0123456789ABCDEF".charAt(i)] = (byte) i;
        }
        table['-'] = 0;
        return table;
    }

    /** Four parts of up to three digits without a leading zero. */
    private static boolean ipv4(byte[] json, int from, int end, RowBuffer out) {
        if (json[from] != '"' || end < 0) {
            return false;
        }
        int address = 0;
        int parts = 0;
        int p = from + 1;
        while (parts < 4) {
            int start = p;
            int part = 0;
            while (json[p] >= '0' && json[p] <= '9' && p - start < 3) {
                part = part * 10 + json[p] - '0';
                p++;
            }
            if (p == start || part > 255 || (json[start] == '0' && p - start > 1)) {
                return false;
            }
            address = address << 8 | part;
            parts++;
            if (json[p] != (parts < 4 ? '.' : '"')) {
                return false;
            }
            p++;
        }
        out.int32(address);
        return true;
    }

    private static boolean ipv6(byte[] json, int from, int end, RowBuffer out) {
        if (json[from] != '"' || end < 0) {
            return false;
        }
        try {
            out.raw(IpText.v6(new String(json, from + 1, end - from - 2, StandardCharsets.ISO_8859_1)), 0, 16);
            return true;
        } catch (UnfitValueException e) {
            return false;
        }
    }
}
