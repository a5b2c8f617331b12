package dev.cdp.clickhouse;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.validation.FieldFinder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a row from where they stand in the payload, in the order of the columns and without garbage. One
 * thread at a time; the same one serves one payload after the other.
 */
final class PlacedRow {

    private final List<Column> columns;
    private final Slot[] slots;
    private final FieldFinder finder;
    private final FieldPlaces own;
    /** The columns that places were last given for. */
    private @Nullable List<Column> others;

    private boolean othersAreOurs;

    private PlacedRow(List<Column> columns, FieldFinder finder, IntFunction<Slot> slots) {
        this.columns = columns;
        this.slots = IntStream.range(0, columns.size()).mapToObj(slots).toArray(Slot[]::new);
        this.finder = finder;
        this.own = new FieldPlaces(columns);
    }

    /** One that writes values one behind the other, as {@code RowBinary} has them. */
    static PlacedRow ofRow(List<Column> columns, FieldFinder finder, RowBuffer row) {
        return new PlacedRow(columns, finder, i -> new Slot(columns.get(i), row, row, 0));
    }

    /** One that writes values to their columns, but those of lists and tuples to {@code nested} as {@code RowBinary} has them. */
    static PlacedRow ofColumns(List<Column> columns, FieldFinder finder, NativeColumn[] into, RowBuffer nested) {
        return new PlacedRow(columns, finder, i -> {
            RowBuffer values = into[i].values();
            RowBuffer nulls = into[i].nulls();
            return new Slot(
                    columns.get(i),
                    values == null ? nested : values,
                    nulls == null ? nested : nulls,
                    into[i].nothing());
        });
    }

    /**
     * Writes the values of the columns.
     *
     * @param places where they stand, if that is known
     * @return whether all are written; else none is
     */
    boolean write(byte[] json, @Nullable FieldPlaces places) {
        if (places != null && places.known() && isOurs(places.columns())) {
            return copy(json, places.bounds());
        }
        return finder.find(json, own) && copy(json, own.bounds());
    }

    /** Writes the values that stand at these places, which are known. */
    private boolean copy(byte[] json, int[] bounds) {
        Slot[] slots = this.slots;
        for (int i = 0; i < slots.length; i++) {
            if (!slots[i].write(json, bounds[2 * i], bounds[2 * i + 1])) {
                for (int last = i; last >= 0; last--) {
                    slots[last].forget();
                }
                return false;
            }
        }
        return true;
    }

    /** Places count columns, so they are only good for the same ones: a consumer's catalog may be another than the sink's. */
    @SuppressWarnings("ReferenceEquality") // they are compared one by one when others come
    private boolean isOurs(List<Column> theirs) {
        if (theirs != others) {
            others = theirs;
            othersAreOurs = theirs == columns || theirs.equals(columns);
        }
        return othersAreOurs;
    }

    /** Where the values of one column go. */
    private static final class Slot {

        private static final int TEXT = 0;
        private static final int UUID = 1;
        private static final int INTEGER = 2;
        private static final int TIME = 3;
        private static final int OTHER = 4;

        private final boolean nullable;
        private final boolean optional;
        private final int kind;
        /** Of values that are not NULL. */
        private final SpanEncoder encoder;

        private final RowBuffer values;
        private final RowBuffer nulls;
        /** How many zero bytes stand in place of a NULL. */
        private final int nothing;
        /** Where the last value begins. */
        private int start;

        Slot(Column column, RowBuffer values, RowBuffer nulls, int nothing) {
            ColumnType type = column.type();
            ColumnType stored = type instanceof ColumnType.LowCardinality low ? low.element() : type;
            ColumnType bare = stored instanceof ColumnType.Nullable maybe ? maybe.element() : stored;
            this.nullable = stored instanceof ColumnType.Nullable;
            this.optional = column.optional();
            this.kind = kind(bare);
            this.encoder = SpanEncoders.of(bare);
            this.values = values;
            this.nulls = nulls;
            this.nothing = nothing;
        }

        private static int kind(ColumnType type) {
            if (type instanceof ColumnType.Text) {
                return TEXT;
            }
            if (type instanceof ColumnType.Uuid) {
                return UUID;
            }
            if (type instanceof ColumnType.Int) {
                return INTEGER;
            }
            return type instanceof ColumnType.DateTime ? TIME : OTHER;
        }

        /** Writes the value that begins at {@code from}, or is absent if that is 0. */
        boolean write(byte[] json, int from, int end) {
            if (nullable) {
                boolean isNull = from == 0 || json[from] == 'n';
                nulls.int8(isNull ? 1 : 0);
                start = values.size();
                return isNull ? values.zeros(nothing) : value(json, from, end);
            }
            start = values.size();
            // An empty list and an empty map are a count of 0.
            return from == 0 ? optional && values.int8(0) : value(json, from, end);
        }

        /** A call whose target is known when it is compiled costs half of one that is looked up, and most columns are these. */
        private boolean value(byte[] json, int from, int end) {
            return switch (kind) {
                case TEXT -> SpanEncoders.text(json, from, end, values);
                case UUID -> SpanEncoders.uuid(json, from, end, values);
                case INTEGER -> ((NumberSpans.IntegerSpan) encoder).encode(json, from, end, values);
                case TIME -> ((TimeSpans.TimeSpan) encoder).encode(json, from, end, values);
                default -> encoder.encode(json, from, end, values);
            };
        }

        /** Takes the last value back. */
        void forget() {
            values.truncate(start);
            if (nullable) {
                nulls.truncate(nulls.size() - 1);
            }
        }
    }
}
