package dev.cdp.clickhouse;

import java.util.List;

import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.sink.SinkEvent;

/** The columns that every table has beside its event's fields: what the event is, and where its record stands. */
final class SystemColumns {

    private static final ColumnType.DateTime MILLIS = new ColumnType.DateTime(3);

    /** Stand in front of the fields. */
    static final List<Column> FIRST = List.of(
            column("event_id", new ColumnType.Text(), "The event's id, the same at every delivery."),
            column(TableDefinition.EVENT_TIME, MILLIS, "When it happened."),
            column("event_version", unsigned32(), "The schema version that it was validated against."));

    /** Stand behind the fields. */
    static final List<Column> LAST = List.of(
            column(
                    "_unknown",
                    new ColumnType.Map(new ColumnType.Text()),
                    "Fields that the schema does not declare: JSON Pointer and JSON."),
            column("_topic", new ColumnType.LowCardinality(new ColumnType.Text()), "The topic of its record."),
            column("_topic_id", new ColumnType.Uuid(), "The id of that topic; another one for a topic made anew."),
            column("_partition", signed(32), "The partition of its record."),
            column("_offset", signed(64), "The offset of its record."),
            column("_replay", unsigned32(), "Raised by whoever wants the rows again, else 0."),
            column("_loaded_at", MILLIS, "When the loader wrote the row."));

    private SystemColumns() {}

    /** Writes an event's id. */
    static void id(SinkEvent event, RowBuffer out) throws RejectedRowException {
        try {
            out.string(event.attributes().id());
        } catch (UnfitValueException e) {
            throw new RejectedRowException(FIRST.get(0), e.expectedAndFound());
        }
    }

    /** Writes when an event happened. */
    static void time(SinkEvent event, RowBuffer out) throws RejectedRowException {
        try {
            out.int64(ValueEncoders.ticks(event.attributes().time(), MILLIS.precision()));
        } catch (UnfitValueException e) {
            throw new RejectedRowException(FIRST.get(1), e.expectedAndFound());
        }
    }

    private static ColumnType unsigned32() {
        return new ColumnType.Int(32, ColumnType.Int.Sign.UNSIGNED);
    }

    private static ColumnType signed(int bits) {
        return new ColumnType.Int(bits, ColumnType.Int.Sign.SIGNED);
    }

    private static Column column(String name, ColumnType type, String description) {
        return new Column(name, "", type, description);
    }
}
