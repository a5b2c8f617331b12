package dev.cdp.clickhouse;

import java.util.Arrays;
import java.util.List;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.validation.FieldFinder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a row from where they stand in the payload, in the order of the columns and without garbage. One
 * thread at a time; the same one serves one payload after the other.
 */
final class PlacedRow {

    private final List<Column> columns;
    private final boolean[] nullable;
    private final boolean[] optional;
    /** Of the columns' values that are not NULL. */
    private final SpanEncoder[] encoders;

    private final Kind[] kinds;
    /** Where each column's values go, and before each of them whether it is NULL. */
    private final RowBuffer[] values;

    private final RowBuffer[] nulls;
    /** How many zero bytes stand in place of a NULL. */
    private final int[] nothing;
    /** Where the values of this row begin. */
    private final int[] starts;

    private final FieldFinder finder;
    private final FieldPlaces own;
    /** The columns that places were last given for. */
    private @Nullable List<Column> others;

    private boolean othersAreOurs;

    private PlacedRow(List<Column> columns, FieldFinder finder) {
        int count = columns.size();
        this.columns = columns;
        this.nullable = new boolean[count];
        this.optional = new boolean[count];
        this.encoders = new SpanEncoder[count];
        this.kinds = new Kind[count];
        this.values = new RowBuffer[count];
        this.nulls = new RowBuffer[count];
        this.nothing = new int[count];
        this.starts = new int[count];
        for (int i = 0; i < count; i++) {
            ColumnType type = columns.get(i).type();
            ColumnType stored = type instanceof ColumnType.LowCardinality low ? low.element() : type;
            nullable[i] = stored instanceof ColumnType.Nullable;
            optional[i] = columns.get(i).optional();
            ColumnType bare = stored instanceof ColumnType.Nullable maybe ? maybe.element() : stored;
            encoders[i] = SpanEncoders.of(bare);
            kinds[i] = Kind.of(bare);
        }
        this.finder = finder;
        this.own = new FieldPlaces(columns);
    }

    /** One that writes values one behind the other, as {@code RowBinary} has them. */
    static PlacedRow ofRow(List<Column> columns, FieldFinder finder, RowBuffer row) {
        PlacedRow placed = new PlacedRow(columns, finder);
        Arrays.fill(placed.values, row);
        Arrays.fill(placed.nulls, row);
        return placed;
    }

    /** One that writes values to their columns, but those of lists and tuples to {@code nested} as {@code RowBinary} has them. */
    static PlacedRow ofColumns(List<Column> columns, FieldFinder finder, NativeColumn[] into, RowBuffer nested) {
        PlacedRow placed = new PlacedRow(columns, finder);
        for (int i = 0; i < into.length; i++) {
            RowBuffer single = into[i].values();
            placed.values[i] = single == null ? nested : single;
            RowBuffer flags = into[i].nulls();
            placed.nulls[i] = flags == null ? nested : flags;
            placed.nothing[i] = into[i].nothing();
        }
        return placed;
    }

    /**
     * Writes the values of the columns.
     *
     * @return whether all are written; else none is
     */
    boolean write(SinkEvent event) {
        FieldPlaces places = event.placesOrNull();
        if (places != null && places.known() && isOurs(places.columns())) {
            return write(event.payload(), places);
        }
        return finder.find(event.payload(), own) && write(event.payload(), own);
    }

    /** Writes the values that stand at these places, which are known. */
    private boolean write(byte[] json, FieldPlaces places) {
        int[] bounds = places.bounds();
        for (int i = 0; i < values.length; i++) {
            int from = bounds[2 * i];
            RowBuffer out = values[i];
            boolean written;
            if (nullable[i]) {
                boolean isNull = from == 0 || json[from] == 'n';
                nulls[i].int8(isNull ? 1 : 0);
                starts[i] = out.size();
                written = isNull ? out.zeros(nothing[i]) : value(i, json, from, bounds[2 * i + 1], out);
            } else {
                starts[i] = out.size();
                // An empty list and an empty map are a count of 0.
                written = from == 0 ? optional[i] && out.int8(0) : value(i, json, from, bounds[2 * i + 1], out);
            }
            if (!written) {
                forget(i);
                return false;
            }
        }
        return true;
    }

    /** Takes back what was written of this row, up to that column. */
    private void forget(int last) {
        for (int i = last; i >= 0; i--) {
            values[i].truncate(starts[i]);
            if (nullable[i]) {
                nulls[i].truncate(nulls[i].size() - 1);
            }
        }
    }

    /** A call whose target is known when it is compiled costs half of one that is looked up, and most columns are these. */
    private boolean value(int i, byte[] json, int from, int end, RowBuffer out) {
        SpanEncoder encoder = encoders[i];
        return switch (kinds[i]) {
            case TEXT -> SpanEncoders.text(json, from, end, out);
            case UUID -> SpanEncoders.uuid(json, from, end, out);
            case INTEGER -> ((NumberSpans.IntegerSpan) encoder).encode(json, from, end, out);
            case TIME -> ((TimeSpans.TimeSpan) encoder).encode(json, from, end, out);
            case OTHER -> encoder.encode(json, from, end, out);
        };
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

    private enum Kind {
        TEXT,
        UUID,
        INTEGER,
        TIME,
        OTHER;

        static Kind of(ColumnType type) {
            return type instanceof ColumnType.Text
                    ? TEXT
                    : type instanceof ColumnType.Uuid
                            ? UUID
                            : type instanceof ColumnType.Int
                                    ? INTEGER
                                    : type instanceof ColumnType.DateTime ? TIME : OTHER;
        }
    }
}
