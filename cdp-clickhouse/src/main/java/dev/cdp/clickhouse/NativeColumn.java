package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column one behind the other, as ClickHouse's {@code Native} format has them, taken from rows in
 * {@code RowBinary}. One thread at a time, for one block.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/Native">Native</a>
 */
abstract class NativeColumn {

    /** A batch may have a few rows in each of many tables. */
    private static final int SMALL = 1 << 8;

    /** Takes the value that begins at {@code p}; the place behind it. */
    abstract int take(byte[] rows, int p);

    /** Takes what stands in place of a NULL. */
    abstract void takeNothing();

    /** Adds the bytes of all values; they are good until the next value. */
    abstract void addTo(List<ByteBuffer> parts);

    /** Forgets all values. */
    abstract void clear();

    /** Where values go one behind the other, as {@code RowBinary} has them; none of a list or a tuple. */
    @Nullable
    RowBuffer values() {
        return null;
    }

    /** Where a byte goes before each value, 1 for NULL, if values may be NULL. */
    @Nullable
    RowBuffer nulls() {
        return null;
    }

    /** How many zero bytes {@link #takeNothing} adds to {@link #values()}. */
    int nothing() {
        return 0;
    }

    /** An empty column of that type; none for a type that only {@code RowBinary} brings over as it is. */
    static Optional<NativeColumn> of(ColumnType type) {
        if (type instanceof ColumnType.LowCardinality low) {
            return of(low.element());
        }
        if (type instanceof ColumnType.Nullable nullable) {
            return of(nullable.element()).map(Nullables::new);
        }
        if (type instanceof ColumnType.Array array) {
            return of(array.element()).map(element -> new Lists(List.of(element)));
        }
        if (type instanceof ColumnType.Map map) {
            return of(map.value()).map(value -> new Lists(List.of(new Texts(), value)));
        }
        if (type instanceof ColumnType.Tuple tuple) {
            List<NativeColumn> fields = new ArrayList<>();
            for (Column field : tuple.fields()) {
                of(field.type()).ifPresent(fields::add);
            }
            return fields.size() == tuple.fields().size() ? Optional.of(new Tuples(fields)) : Optional.empty();
        }
        if (type instanceof ColumnType.Text || type instanceof ColumnType.JsonText) {
            return Optional.of(new Texts());
        }
        int width = width(type);
        return width == 0 ? Optional.empty() : Optional.of(new Numbers(width));
    }

    /** How a block declares a column of that type: without a dictionary, which the server makes for itself. */
    static String declared(ColumnType type) {
        return type instanceof ColumnType.LowCardinality low ? low.element().sql() : type.sql();
    }

    /** A dictionary below the top would have to be declared, and written, as one. */
    static boolean hasInnerDictionary(ColumnType type) {
        return type.sql().lastIndexOf("LowCardinality") > 0;
    }

    private static int width(ColumnType type) {
        if (type instanceof ColumnType.Int integer) {
            return integer.bits() / 8;
        }
        if (type instanceof ColumnType.Real real) {
            return real.bits() / 8;
        }
        if (type instanceof ColumnType.Decimal decimal) {
            int digits = decimal.precision();
            return digits <= 9 ? 4 : digits <= 18 ? 8 : digits <= 38 ? 16 : 32;
        }
        if (type instanceof ColumnType.Uuid || type instanceof ColumnType.Ipv6) {
            return 16;
        }
        if (type instanceof ColumnType.DateTime) {
            return 8;
        }
        if (type instanceof ColumnType.Date || type instanceof ColumnType.Ipv4) {
            return 4;
        }
        return type instanceof ColumnType.Bool ? 1 : 0;
    }

    /** Values that stand one behind the other as they do in a row. */
    private abstract static class Run extends NativeColumn {

        final RowBuffer values = new RowBuffer(SMALL);

        @Override
        void takeNothing() {
            values.zeros(nothing());
        }

        @Override
        void addTo(List<ByteBuffer> parts) {
            parts.add(values.buffer());
        }

        @Override
        void clear() {
            values.truncate(0);
        }

        @Override
        RowBuffer values() {
            return values;
        }
    }

    /** Values of a fixed width. */
    private static final class Numbers extends Run {

        private final int width;

        Numbers(int width) {
            this.width = width;
        }

        @Override
        int take(byte[] rows, int p) {
            values.raw(rows, p, p + width);
            return p + width;
        }

        @Override
        int nothing() {
            return width;
        }
    }

    /** Each with its length in front. */
    private static final class Texts extends Run {

        @Override
        int take(byte[] rows, int p) {
            long length = varUInt(rows, p);
            int end = (int) (length >>> 32) + (int) length;
            values.raw(rows, p, end);
            return end;
        }

        @Override
        int nothing() {
            return 1;
        }
    }

    /** A byte for each row, 1 for NULL, then a value for each row. */
    private static final class Nullables extends NativeColumn {

        private final NativeColumn values;
        private final RowBuffer nulls = new RowBuffer(SMALL);

        Nullables(NativeColumn values) {
            this.values = values;
        }

        @Override
        int take(byte[] rows, int p) {
            nulls.int8(rows[p]);
            if (rows[p] == 0) {
                return values.take(rows, p + 1);
            }
            values.takeNothing();
            return p + 1;
        }

        @Override
        void takeNothing() {
            nulls.int8(1);
            values.takeNothing();
        }

        @Override
        void addTo(List<ByteBuffer> parts) {
            parts.add(nulls.buffer());
            values.addTo(parts);
        }

        @Override
        void clear() {
            nulls.truncate(0);
            values.clear();
        }

        @Override
        @Nullable
        RowBuffer values() {
            return values.values();
        }

        @Override
        @Nullable
        RowBuffer nulls() {
            return values.values() == null ? null : nulls;
        }

        @Override
        int nothing() {
            return values.nothing();
        }
    }

    /** Where each row's elements end, then the elements of all rows; those of a map are names and values. */
    private static final class Lists extends NativeColumn {

        private final List<NativeColumn> elements;
        private final RowBuffer ends = new RowBuffer(SMALL);
        private long end;

        Lists(List<NativeColumn> elements) {
            this.elements = elements;
        }

        @Override
        int take(byte[] rows, int p) {
            long count = varUInt(rows, p);
            int q = (int) (count >>> 32);
            for (int i = 0; i < (int) count; i++) {
                for (NativeColumn element : elements) {
                    q = element.take(rows, q);
                }
            }
            end += (int) count;
            ends.int64(end);
            return q;
        }

        @Override
        void takeNothing() {
            ends.int64(end);
        }

        @Override
        void addTo(List<ByteBuffer> parts) {
            parts.add(ends.buffer());
            elements.forEach(element -> element.addTo(parts));
        }

        @Override
        void clear() {
            ends.truncate(0);
            end = 0;
            elements.forEach(NativeColumn::clear);
        }
    }

    private static final class Tuples extends NativeColumn {

        private final List<NativeColumn> fields;

        Tuples(List<NativeColumn> fields) {
            this.fields = fields;
        }

        @Override
        int take(byte[] rows, int p) {
            int q = p;
            for (NativeColumn field : fields) {
                q = field.take(rows, q);
            }
            return q;
        }

        @Override
        void takeNothing() {
            fields.forEach(NativeColumn::takeNothing);
        }

        @Override
        void addTo(List<ByteBuffer> parts) {
            fields.forEach(field -> field.addTo(parts));
        }

        @Override
        void clear() {
            fields.forEach(NativeColumn::clear);
        }
    }

    /** A LEB128 number, and in the upper half the place behind it. */
    private static long varUInt(byte[] rows, int p) {
        int q = p;
        int value = 0;
        int shift = 0;
        byte b;
        do {
            b = rows[q++];
            value |= (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0);
        return (long) q << 32 | value;
    }
}
