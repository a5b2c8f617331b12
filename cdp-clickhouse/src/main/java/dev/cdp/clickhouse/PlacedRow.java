package dev.cdp.clickhouse;

import java.util.List;

import dev.cdp.core.schema.Column;
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
    private final SpanEncoder[] encoders;
    private final FieldFinder finder;
    private final FieldPlaces own;
    /** The columns that places were last given for. */
    private @Nullable List<Column> others;

    private boolean othersAreOurs;

    PlacedRow(List<Column> columns, FieldFinder finder) {
        this.columns = columns;
        this.encoders =
                columns.stream().map(column -> SpanEncoders.of(column.type())).toArray(SpanEncoder[]::new);
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
    boolean write(byte[] json, FieldPlaces places, RowBuffer out) {
        int[] bounds = places.bounds();
        for (int i = 0; i < encoders.length; i++) {
            int from = bounds[2 * i];
            boolean written = from == 0
                    ? SpanEncoders.absent(columns.get(i), out)
                    : encoders[i].encode(json, from, bounds[2 * i + 1], out);
            if (!written) {
                return false;
            }
        }
        return out.int8(0);
    }

    /** Places count columns, so they are only good for the same ones: a consumer's catalog may be another than the sink's. */
    private boolean isOurs(List<Column> theirs) {
        if (theirs != others) {
            others = theirs;
            othersAreOurs = theirs == columns || theirs.equals(columns);
        }
        return othersAreOurs;
    }
}
