package dev.cdp.clickhouse;

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
    /** Of the columns' values that are not NULL. */
    private final SpanEncoder[] values;

    private final Kind[] kinds;
    private final FieldFinder finder;
    private final FieldPlaces own;
    /** The columns that places were last given for. */
    private @Nullable List<Column> others;

    private boolean othersAreOurs;

    PlacedRow(List<Column> columns, FieldFinder finder) {
        this.columns = columns;
        this.nullable = new boolean[columns.size()];
        this.values = new SpanEncoder[columns.size()];
        this.kinds = new Kind[columns.size()];
        for (int i = 0; i < values.length; i++) {
            ColumnType type = columns.get(i).type();
            ColumnType stored = type instanceof ColumnType.LowCardinality low ? low.element() : type;
            nullable[i] = stored instanceof ColumnType.Nullable;
            ColumnType bare = stored instanceof ColumnType.Nullable optional ? optional.element() : stored;
            values[i] = SpanEncoders.of(bare);
            kinds[i] = Kind.of(bare);
        }
        this.finder = finder;
        this.own = new FieldPlaces(columns);
    }

    /**
     * Writes the values of the columns and the unknown fields, of which there are none.
     *
     * @return whether all are written; else what was written is to be forgotten
     */
    boolean write(SinkEvent event, RowBuffer out) {
        FieldPlaces places = event.placesOrNull();
        if (places != null && places.known() && isOurs(places.columns())) {
            return write(event.payload(), places, out);
        }
        return finder.find(event.payload(), own) && write(event.payload(), own, out);
    }

    /** Writes the values that stand at these places, which are known. */
    private boolean write(byte[] json, FieldPlaces places, RowBuffer out) {
        int[] bounds = places.bounds();
        for (int i = 0; i < values.length; i++) {
            int from = bounds[2 * i];
            if (from == 0) {
                if (!SpanEncoders.absent(columns.get(i), out)) {
                    return false;
                }
                continue;
            }
            if (nullable[i]) {
                boolean isNull = json[from] == 'n';
                out.int8(isNull ? 1 : 0);
                if (isNull) {
                    continue;
                }
            }
            if (!value(i, json, from, bounds[2 * i + 1], out)) {
                return false;
            }
        }
        return out.int8(0);
    }

    /** A call whose target is known when it is compiled costs half of one that is looked up, and most columns are these. */
    private boolean value(int i, byte[] json, int from, int end, RowBuffer out) {
        SpanEncoder encoder = values[i];
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
