package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/** The {@link SpanEncoder} of each column type: what it writes is what the {@link ValueEncoders} write. */
final class SpanEncoders {

    private static final int UUID = 36 + 2;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

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
            return new NumberSpans.IntegerSpan(integer);
        }
        if (type instanceof ColumnType.Real real) {
            return NumberSpans.real(real);
        }
        if (type instanceof ColumnType.DateTime time) {
            return new TimeSpans.TimeSpan(time);
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

    static boolean text(byte[] json, int from, int end, RowBuffer out) {
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

    /** Eight digits a step; in a word the first byte is the lowest. */
    static boolean uuid(byte[] json, int from, int end, RowBuffer out) {
        if (end - from != UUID || json[from] != '"') {
            return false;
        }
        int p = from + 1;
        long a = AsciiDigits.word(json, p);
        long b = (AsciiDigits.word(json, p + 9) & 0xFFFF_FFFFL) | AsciiDigits.word(json, p + 14) << 32;
        long c = (AsciiDigits.word(json, p + 19) & 0xFFFF_FFFFL) | AsciiDigits.word(json, p + 24) << 32;
        long d = AsciiDigits.word(json, p + 28);
        boolean hyphens = json[p + 8] == '-' && json[p + 13] == '-' && json[p + 18] == '-' && json[p + 23] == '-';
        if (!hyphens || (hexDigits(a) & hexDigits(b) & hexDigits(c) & hexDigits(d)) != HIGHS) {
            return false;
        }
        out.int64(hex(a) << 32 | hex(b));
        out.int64(hex(c) << 32 | hex(d));
        return true;
    }

    /** The highest bit of each byte that is a hexadecimal digit. */
    private static long hexDigits(long word) {
        long ascii = word & ~HIGHS;
        long letter = ascii | ONES * 0x20;
        long digits = (ascii + ONES * (0x80 - '0')) & ~(ascii + ONES * (0x80 - '9' - 1));
        long letters = (letter + ONES * (0x80 - 'a')) & ~(letter + ONES * (0x80 - 'f' - 1));
        return (digits | letters) & ~word & HIGHS;
    }

    /** The number that eight digits write. */
    private static long hex(long word) {
        long nibbles = Long.reverseBytes((word & ONES * 0xF) + 9 * (word >>> 6 & ONES));
        long pairs = (nibbles | nibbles >>> 4) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs | pairs >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (fours | fours >>> 16) & 0xFFFF_FFFFL;
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
