package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult.Rejection;
import dev.cdp.core.validation.FieldFinder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Turns payloads into rows of one table, without a tree. A payload that does not fit is a rejection, never another value.
 * Thread-safe.
 *
 * <p>A row is copied from the places in the payload where its values stand, which the payload's validation has told or a
 * scan over its bytes tells now; what is not written in a usual way is read token by token. Both ways write the same bytes.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/RowBinaryWithNamesAndTypes">RowBinaryWithNamesAndTypes</a>
 */
final class RowEncoder {

    private static final int BYTES_A_ROW = 256;

    private final List<Column> columns;
    private final List<Column> fields;
    private final FieldTrie trie;
    private final @Nullable FieldFinder finder;
    private final byte[] header;

    RowEncoder(TableDefinition table) {
        this(table, FieldFinder.of(table.columns()).orElse(null));
    }

    private RowEncoder(TableDefinition table, @Nullable FieldFinder finder) {
        this.finder = finder;
        this.fields = table.columns();
        this.trie = FieldTrie.of(fields);
        this.columns = columns(table);
        this.header = header(columns);
    }

    /** One that reads every payload token by token. */
    static RowEncoder byTokens(TableDefinition table) {
        return new RowEncoder(table, null);
    }

    /** Every column of a table in the order of its rows. */
    static List<Column> columns(TableDefinition table) {
        List<Column> columns = new ArrayList<>(SystemColumns.FIRST);
        columns.addAll(table.columns());
        columns.addAll(SystemColumns.LAST);
        return columns;
    }

    /** Encodes events of one batch as rows; {@code loadedAt} is in milliseconds since the epoch. */
    Encoding encode(BatchId batch, List<SinkEvent> events, long loadedAt) {
        RowBuffer out = new RowBuffer(header.length + BYTES_A_ROW * (events.size() + 1));
        out.raw(header, 0, header.length);
        EncodedRows rows = new EncodedRows(out);
        RowWriter writer = writer(batch, loadedAt, out);
        List<Rejection> rejected = write(events, event -> {
            rows.begin(event.offset());
            boolean written = false;
            try {
                writer.write(event);
                written = true;
            } finally {
                if (!written) {
                    rows.rollback();
                }
            }
        });
        return new Encoding(rows, rejected);
    }

    /** Has the events written one after the other; why those were not that do not fit. */
    private static List<Rejection> write(List<SinkEvent> events, EventWriter writer) {
        List<Rejection> rejected = new ArrayList<>();
        for (SinkEvent event : events) {
            write(event, writer, rejected);
        }
        return rejected;
    }

    /** Has an event written; adds why it was not, if it does not fit. */
    static void write(SinkEvent event, EventWriter writer, List<Rejection> rejected) {
        try {
            writer.write(event);
        } catch (RejectedRowException e) {
            rejected.add(e.rejection(event.offset()));
        } catch (JacksonException e) {
            rejected.add(new Rejection(
                    event.offset(), DeadLetterReason.NOT_INSERTABLE, "", "expected JSON, found something else"));
        }
    }

    /** What writes the rows of one batch to {@code out}. */
    RowWriter writer(BatchId batch, long loadedAt, RowBuffer out) {
        PlacedRow placed = finder == null ? null : PlacedRow.ofRow(fields, finder, out);
        return new RowWriter(batch, loadedAt, placed, new TokenRow(fields, trie), out);
    }

    /** What writes batches as blocks of these {@link #columns}, which make one {@link NativeBlock#possible}. */
    BlockWriter blockWriter() {
        return new BlockWriter(columns, finder, trie);
    }

    /** The number of columns, their names, their types. */
    private static byte[] header(List<Column> columns) {
        RowBuffer out = new RowBuffer(64 * columns.size());
        out.varUInt(columns.size());
        for (Column column : columns) {
            byte[] name = column.name().getBytes(StandardCharsets.UTF_8);
            out.string(name, 0, name.length);
        }
        for (Column column : columns) {
            byte[] type = column.type().sql().getBytes(StandardCharsets.UTF_8);
            out.string(type, 0, type.length);
        }
        return Arrays.copyOf(out.bytes(), out.size());
    }

    /** The rows of the events that fit, and why the others do not. */
    record Encoding(EncodedRows rows, List<Rejection> rejected) {}

    /** Writes an event's row. */
    @FunctionalInterface
    interface EventWriter {

        /** Writes the row, or nothing of it. */
        void write(SinkEvent event) throws RejectedRowException;
    }
}
