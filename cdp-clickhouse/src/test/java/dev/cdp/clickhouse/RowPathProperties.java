package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.cdp.clickhouse.RowEncoder.Encoding;
import dev.cdp.core.catalog.PartitionKey;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.validation.FieldFinder;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/** A row that is copied from places in its payload is, byte for byte, the row that is read token by token. */
final class RowPathProperties {

    private static final int COLUMNS = 6;
    private static int written;
    private static int blocks;

    @Property(tries = 1_500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void allWaysWriteTheSameBytesAndRefuseTheSame(@ForAll("payloads") Payload payload, @ForAll Random random) {
        List<SinkEvent> events = List.of(
                Fixture.event(0, "e", payload.json()),
                Fixture.event(1, "e", damaged(payload.json(), random)),
                Fixture.event(2, "e", payload.json()));
        var batch = Fixture.batch(0, 3, events).id();
        Encoding placed = new RowEncoder(payload.table()).encode(batch, events, 9);
        Encoding tokens = RowEncoder.byTokens(payload.table()).encode(batch, events, 9);

        assertThat(placed.rejected()).as("%s", payload).isEqualTo(tokens.rejected());
        assertThat(bytes(placed)).as("%s", payload).isEqualTo(bytes(tokens));
        written += placed.rows().count();

        List<Column> columns = RowEncoder.columns(payload.table());
        if (NativeBlock.possible(columns)) {
            BlockWriter writer = new RowEncoder(payload.table()).blockWriter();
            // What was written before leaves no trace, be it a batch before or an attempt of this one.
            inBlock(payload, writer, events).encode(batch, 7);
            writer.clear();
            TableBatch table = inBlock(payload, writer, events);
            table.encode(batch, 8);
            EncodedEvents block = table.encode(batch, 9);
            assertThat(block.rejected()).as("%s", payload).isEqualTo(tokens.rejected());
            assertThat(block.count()).isEqualTo(tokens.rows().count());
            assertThat(bytes(requireNonNull(block.block())))
                    .as("%s", payload)
                    .isEqualTo(inColumns(columns, tokens.rows()));
            blocks++;
        }
    }

    private static TableBatch inBlock(Payload payload, BlockWriter block, List<SinkEvent> events) {
        TableBatch table = new TableBatch(new RowEncoder(payload.table()), block, true);
        events.forEach(event -> table.add(event, null));
        return table;
    }

    /** The same values, column by column. */
    private static byte[] inColumns(List<Column> columns, EncodedRows rows) {
        NativeBlock block = new NativeBlock(columns);
        int p = rows.headerEnd();
        for (int row = 0; row < rows.count(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                p = block.column(column).take(rows.buffer().bytes(), p);
            }
        }
        return bytes(block.parts(rows.count()));
    }

    @AfterContainer
    static void therePayloadsWereOfUse() {
        assertThat(written).as("rows that were written").isGreaterThan(500);
        assertThat(blocks).as("payloads whose table takes a block").isGreaterThan(100);
    }

    /** Without this, falling back on tokens each time would pass. */
    @Test
    void whatIsWrittenInAUsualWayIsNeverReadTokenByToken() {
        goesByPlaces("Int8", "-128", "127", "0", "-0");
        goesByPlaces("UInt64", "0", "999999999999999999");
        goesByPlaces("Float64", "0.1", "-0.0", "1", "123.456", "0.30000000000000004", "1e5", "1.7976931348623157E10");
        goesByPlaces("Float32", "0.5", "-0.25", "3");
        goesByPlaces("Decimal(9, 2)", "0", "-1.5", "9999999.99");
        goesByPlaces("Decimal(38, 10)", "1.5", "-12345");
        goesByPlaces("Bool", "true", "false");
        goesByPlaces("String", "\"\"", "\"a\"", "\"\\u00e4\\n\\ud83d\\ude00/\\/\"", "\"ä👍🏽\"");
        goesByPlaces("LowCardinality(String)", "\"ios\"");
        goesByPlaces("Nullable(String)", "null", "\"x\"");
        goesByPlaces("LowCardinality(Nullable(String))", "null", "\"x\"");
        goesByPlaces("UUID", "\"8f4e6d60-1c2b-4a3d-9e8f-001122334455\"", "\"8F4E6D60-1C2B-4A3D-9E8F-001122334455\"");
        goesByPlaces("IPv4", "\"0.0.0.0\"", "\"255.10.1.99\"");
        goesByPlaces("IPv6", "\"::1\"", "\"2001:db8::ff00:42:8329\"");
        goesByPlaces("Date32", "\"1970-01-01\"", "\"2024-02-29\"", "\"1901-03-01\"");
        goesByPlaces("DateTime64(3)", "\"2026-03-04T05:06:07Z\"", "\"2026-03-04T05:06:07.089123+02:30\"");
        goesByPlaces("DateTime64(9)", "\"1969-12-31T23:59:59.999999999Z\"");
        goesByPlaces("Array(Int32)", "[]", "[1]", "[ 1 , 2 ]");
        goesByPlaces("Array(Array(String))", "[[],[\"a\",\"]\"]]");
        goesByPlaces("Map(String, Int32)", "{}", "{ \"a\" : 1 , \"\\n\":2 }");
        goesByPlaces(
                "Array(Tuple(a Int32, b Nullable(String)))",
                "[{\"a\":1},{\"b\":\"x\",\"a\":2}]",
                "[{\"b\":null,\"a\":2}]");
        goesByPlaces("JSON", "{}", "{\"a\":[1,{}]}");
    }

    private static void goesByPlaces(String type, String... values) {
        List<Column> columns = List.of(new Column("x", "/x", ColumnType.parse(type), ""));
        PlacedRow row = PlacedRow.ofRow(columns, FieldFinder.of(columns).orElseThrow(), new RowBuffer(16));
        for (String value : values) {
            String json = "{ \"x\" : " + value + " }";
            assertThat(row.write(json.getBytes(StandardCharsets.UTF_8), null))
                    .as("%s of %s", type, value)
                    .isTrue();
        }
    }

    @Provide
    Arbitrary<Payload> payloads() {
        Arbitrary<RoundTripProperties.Type> types = Arbitraries.of(RoundTripProperties.Type.ALL);
        return types.list()
                .ofSize(COLUMNS)
                .flatMap(chosen -> values(chosen).map(values -> new Payload(chosen, values)));
    }

    /** Mostly a value of its column's type, else one of any other's. */
    private static Arbitrary<List<String>> values(List<RoundTripProperties.Type> types) {
        List<Arbitrary<String>> each = new ArrayList<>();
        for (RoundTripProperties.Type type : types) {
            each.add(Arbitraries.frequencyOf(
                    Tuple.of(30, type.values().map(RoundTripProperties.Value::json)),
                    Tuple.of(
                            1,
                            Arbitraries.of(RoundTripProperties.Type.ALL)
                                    .flatMap(RoundTripProperties.Type::values)
                                    .map(RoundTripProperties.Value::json)),
                    Tuple.of(
                            1,
                            Arbitraries.of("null", "", "\"\"", "{}", "[]", "-", "1e5", "0.1e1", "{\"a\":1,\"a\":2}"))));
        }
        return net.jqwik.api.Combinators.combine(each).as(values -> values);
    }

    /** One byte of it is another one, or is not there. */
    private static String damaged(String json, Random random) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int at = random.nextInt(bytes.length);
        StringBuilder text = new StringBuilder(json);
        at = Math.min(at, text.length() - 1);
        if (random.nextBoolean()) {
            text.setCharAt(at, "\",:{}[]0917-+.eETZn\\u ".charAt(random.nextInt(22)));
        } else {
            text.deleteCharAt(at);
        }
        return text.toString();
    }

    private static byte[] bytes(Encoding encoding) {
        return bytes(encoding.rows().buffer());
    }

    private static byte[] bytes(List<ByteBuffer> parts) {
        ByteBuffer whole = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(whole::put);
        return whole.array();
    }

    private static byte[] bytes(RowBuffer buffer) {
        return Arrays.copyOf(buffer.bytes(), buffer.size());
    }

    /** Some columns at the top and some in an object, of these types, and the JSON of their values; an empty one is absent. */
    record Payload(List<RoundTripProperties.Type> types, List<String> values) {

        TableDefinition table() {
            List<Column> columns = IntStream.range(0, types.size())
                    .mapToObj(i ->
                            new Column("c" + i, pointer(i), type(types.get(i).sql()), ""))
                    .toList();
            return new TableDefinition("d", "t", columns, List.of("event_time"), PartitionKey.MONTHLY, null);
        }

        /** As a catalog's YAML has it, where a backslash stands twice. */
        private static ColumnType type(String sql) {
            return sql.isEmpty() ? new ColumnType.JsonText() : ColumnType.parse(sql.replace("\\\\", "\\"));
        }

        private static String pointer(int i) {
            return i % 2 == 0 ? "/c" + i : "/in ~1 /c" + i;
        }

        String json() {
            StringBuilder top = new StringBuilder();
            StringBuilder inner = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                StringBuilder here = i % 2 == 0 ? top : inner;
                if (!values.get(i).isEmpty()) {
                    here.append(here.isEmpty() ? "" : " ,")
                            .append("\"c" + i + "\": ")
                            .append(values.get(i));
                }
            }
            return "{" + top + (top.isEmpty() ? "" : ",") + "\"in / \" : {" + inner + "}}";
        }

        @Override
        public String toString() {
            String json = json();
            return types.stream().map(RoundTripProperties.Type::sql).toList() + " "
                    + json.substring(0, Math.min(json.length(), 2_000));
        }
    }
}
