package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.clickhouse.RowEncoder.Encoding;
import dev.cdp.core.catalog.PartitionKey;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.schema.ColumnType.Int.Sign;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a column cannot hold is refused with its name and without its value; the rest of the batch is untouched. */
final class RowEncoderTest {

    private static final String SECRET = "4711secret";

    @Test
    void whatATypeCannotHoldIsRefused() {
        refuses(
                signed(8),
                "128",
                "-129",
                "1.5",
                "1e99",
                "1e-1",
                "1e2147483647",
                "1e99999999999999999999",
                "\"1\"",
                "true",
                "null",
                "[]",
                "{}");
        refuses(signed(64), "9223372036854775808", "-9223372036854775809", "1e19");
        refuses(unsigned(8), "-1", "256", "300");
        refuses(unsigned(64), "-1", "18446744073709551616", "-1.0", "1e20");
        refuses(new ColumnType.Real(64), "1e400", "-1e400", "\"1\"", "true", "null");
        refuses(new ColumnType.Real(32), "3.5e38", "\"1\"");
        refuses(new ColumnType.Bool(), "1", "\"true\"", "null");
        refuses(
                new ColumnType.Text(),
                "1",
                "true",
                "null",
                "[]",
                "{}",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"a\\ud83d\"");
        refuses(new ColumnType.Uuid(), "\"\"", "\"1-1-1-1-1\"", "\"8f4e6d601c2b4a3d9e8f001122334455\"", "1");
        refuses(
                new ColumnType.Ipv4(),
                "\"1.2.3\"",
                "\"1.2.3.4.5\"",
                "\"1.2.3.256\"",
                "\"01.2.3.4\"",
                "\"1.2.3.\"",
                "\"::1\"",
                "\"1.2.3.-4\"",
                "\"localhost\"",
                "1");
        refuses(
                new ColumnType.Ipv6(),
                "\"\"",
                "\":\"",
                "\":::\"",
                "\"1::2::3\"",
                "\"1:2:3:4:5:6:7\"",
                "\"1:2:3:4:5:6:7:8:9\"",
                "\"::12345\"",
                "\"::g\"",
                "\"fe80::1%eth0\"",
                "\"1.2.3.4\"",
                "\"1:2:3:4:5:6:7::8\"",
                "\"::1.2.3.4:1\"",
                "\"localhost\"",
                "1");
        refuses(new ColumnType.Date(), "\"1899-12-31\"", "\"2300-01-01\"", "\"2026-02-30\"", "\"20260101\"", "1");
        refuses(
                new ColumnType.DateTime(3),
                "\"1899-12-31T23:59:59.999Z\"",
                "\"2300-01-01T00:00:00Z\"",
                "\"1900-01-01T00:00:00+01:00\"",
                "\"2026-01-31\"",
                "\"2026-01-31 12:00:00\"",
                "\"2026-01-31T12:00:00\"",
                "0");
        refuses(new ColumnType.DateTime(9), "\"2262-04-11T23:47:16.854775808Z\"");
        refuses(new ColumnType.Array(signed(8)), "[1,128]", "[null]", "1", "{}", "\"[]\"");
        refuses(new ColumnType.Nullable(signed(8)), "128", "\"\"");
        refuses(new ColumnType.Map(signed(8)), "{\"a\":128}", "{\"a\":null}", "[]", "1");
        refuses(
                new ColumnType.Decimal(9, 2),
                "0.001",
                "10000000",
                "-10000000.00",
                "1e400",
                "1e-400",
                "1e999999999",
                "1.5e99999999999999999999",
                "\"1\"",
                "null");
        refuses(new ColumnType.Json(), "[]", "1", "\"{}\"", "null");
        refuses(
                new ColumnType.Array(new ColumnType.Tuple(List.of(new Column("a", "/a", signed(8), "")))),
                "[{}]",
                "[{\"a\":128}]",
                "[{\"a\":1,\"a\":1}]",
                "[null]",
                "[1]");
        refuses(new ColumnType.LowCardinality(new ColumnType.Text()), "null", "1");
    }

    @Test
    void aMessageNamesTheColumnAndNeverTheValue() {
        for (ColumnType type : List.of(
                signed(8),
                new ColumnType.Uuid(),
                new ColumnType.Ipv4(),
                new ColumnType.Ipv6(),
                new ColumnType.Date(),
                new ColumnType.DateTime(3),
                new ColumnType.Bool(),
                new ColumnType.Real(64),
                new ColumnType.Array(signed(8)))) {
            Rejection rejection = rejection(type, "{\"deep\":{\"x\":\"" + SECRET + "\"}}");
            assertThat(rejection.reason()).isEqualTo(DeadLetterReason.NOT_INSERTABLE);
            assertThat(rejection.path()).isEqualTo("/deep/x");
            assertThat(rejection.message())
                    .startsWith("column deep_x is " + type.sql() + ": expected ")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void whatIsNotOneJsonObjectIsRefused() {
        for (String json : List.of(
                "",
                " ",
                "null",
                "[]",
                "1",
                "{",
                "{\"deep\":{\"x\":1}",
                "{\"deep\":{\"x\":1}}{}",
                "{\"deep\":{\"x\":1}} x",
                "{\"deep\":{\"x\":" + SECRET + "}}",
                "{\"deep\":{\"x\":1,}}",
                "{\"deep\":{\"x\":NaN}}",
                "{\"deep\":{\"x\":-Infinity}}",
                "{\"deep\":{\"x\":1}}]")) {
            Rejection rejection = rejection(signed(8), json);
            assertThat(rejection.message()).as(json).contains("expected ").doesNotContain(SECRET);
        }
        assertThat(rejection(signed(8), "{\"deep\":{\"x\":\"\\u00e")).isNotNull();
        assertThat(rejection(signed(8), "[".repeat(100_000))).isNotNull();
        assertThat(rejection(signed(8), "{\"deep\":{\"x\":" + "1".repeat(5_000) + "}}"))
                .isNotNull();
    }

    @Test
    void aFieldThatIsThereTwiceIsRefused() {
        for (String json : List.of(
                "{\"deep\":{\"x\":1,\"x\":1}}",
                "{\"deep\":{\"x\":1},\"deep\":{\"x\":1}}",
                "{\"deep\":{\"x\":1,\"\\u0078\":2}}")) {
            assertThat(rejection(signed(8), json).message()).endsWith("found the field twice");
        }
    }

    @Test
    void anAbsentFieldIsNullOrEmptyOrRefused() {
        assertThat(lastFieldBytes(new ColumnType.Nullable(signed(32)), "{}")).containsExactly(1);
        assertThat(lastFieldBytes(new ColumnType.LowCardinality(new ColumnType.Nullable(new ColumnType.Text())), "{}"))
                .containsExactly(1);
        assertThat(lastFieldBytes(new ColumnType.Array(signed(32)), "{\"deep\":null}"))
                .containsExactly(0);
        assertThat(lastFieldBytes(new ColumnType.Nullable(signed(32)), "{\"deep\":null}"))
                .containsExactly(1);
        assertThat(rejection(signed(32), "{\"deep\":{}}").message())
                .isEqualTo("column deep_x is Int32: expected a value, found nothing");
    }

    @Test
    void jsonTextIsTheTextAsItStands() {
        for (String text :
                List.of("{ \"a\" : [1, 2.50,\"\\u00e4}\"] }", "[ ]", "\"a\\\"b\"", "-1.0e5", "true", "null", "12")) {
            TableDefinition table = table(
                    new Column("deep_x", "/deep/x", new ColumnType.JsonText(), ""),
                    new Column("deep_y", "/deep/y", signed(8), ""));
            byte[] field = fields(table, "{\"deep\" : {\"x\" : " + text + " , \"y\":1 }}");
            assertThat(new String(field, 1, field.length - 2, StandardCharsets.UTF_8))
                    .isEqualTo(text);
            assertThat(field[0]).isEqualTo((byte) (field.length - 2));
        }
    }

    @Test
    void anObjectMayBeJsonTextAndHoldColumnsAsWell() {
        TableDefinition table = table(
                new Column("a", "/a", new ColumnType.Nullable(new ColumnType.JsonText()), ""),
                new Column("a_b", "/a/b", new ColumnType.Nullable(signed(8)), ""));
        byte[] both = fields(table, "{\"a\": {\"b\":7} }");
        assertThat(new String(both, StandardCharsets.ISO_8859_1)).isEqualTo("\0\7{\"b\":7}\0\7");
        assertThat(new String(fields(table, "{\"a\":5}"), StandardCharsets.ISO_8859_1))
                .isEqualTo("\0\0015\1");
    }

    @Test
    void aPointerMayHoldSlashesAndTildes() {
        TableDefinition table = table(new Column("odd", "/a~1b/~0", signed(8), ""));
        assertThat(fields(table, "{\"a/b\":{\"~\":9}}")).containsExactly(9);
    }

    @Test
    void aRejectedRowLeavesNoByteBehind() {
        TableDefinition table = table(new Column("x", "/x", signed(8), ""));
        List<SinkEvent> events = new ArrayList<>();
        List<SinkEvent> good = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            boolean bad = i % 3 == 0;
            SinkEvent event = Fixture.event(i, "e", "{\"x\":" + (bad ? "1000" : "5") + "}");
            events.add(event);
            if (!bad) {
                good.add(event);
            }
        }
        Encoding mixed =
                new RowEncoder(table).encode(Fixture.batch(0, 300, events).id(), events, 0);
        Encoding clean =
                new RowEncoder(table).encode(Fixture.batch(0, 300, good).id(), good, 0);

        assertThat(mixed.rejected()).hasSize(100);
        assertThat(bytes(mixed)).isEqualTo(bytes(clean));
        assertThat(mixed.rows().count()).isEqualTo(200);
        assertThat(mixed.rows().offset(0)).isEqualTo(1);
    }

    @Test
    void anEventTimeThatTheTableCannotHoldIsRefused() {
        TableDefinition table = table(new Column("x", "/x", signed(8), ""));
        SinkEvent event = Fixture.event(3, "e", Instant.parse("1899-01-01T00:00:00Z"), "{\"x\":1}");
        assertThat(new RowEncoder(table)
                        .encode(Fixture.batch(3, 4, List.of(event)).id(), List.of(event), 0)
                        .rejected())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.message()).contains("column event_time"));
    }

    @Test
    void theSameEventsAreTheSameBytes() {
        TableDefinition table = table(new Column("x", "/x", signed(8), ""));
        var batch = Fixture.batch(0, 1, List.of(Fixture.event(0, "e", "{\"x\":1}")));
        RowEncoder encoder = new RowEncoder(table);
        assertThat(bytes(encoder.encode(batch.id(), batch.events(), 7)))
                .isEqualTo(bytes(encoder.encode(batch.id(), batch.events(), 7)));
    }

    private static void refuses(ColumnType type, String... values) {
        for (String value : values) {
            List<Rejection> rejected =
                    encode(type, "{\"deep\":{\"x\":" + value + "}}").rejected();
            assertThat(rejected).as("%s of %s", type.sql(), value).hasSize(1);
            assertThat(rejected.get(0).path()).as("%s of %s", type.sql(), value).isEqualTo("/deep/x");
        }
    }

    private static Rejection rejection(ColumnType type, String json) {
        List<Rejection> rejected = encode(type, json).rejected();
        assertThat(rejected).as(json.length() > 100 ? "a long payload" : json).hasSize(1);
        return rejected.get(0);
    }

    private static Encoding encode(ColumnType type, String json) {
        var batch = Fixture.batch(0, 1, List.of(Fixture.event(0, "e", json)));
        TableDefinition table = table(new Column("deep_x", "/deep/x", type, ""));
        return new RowEncoder(table).encode(batch.id(), batch.events(), 0);
    }

    private static byte[] lastFieldBytes(ColumnType type, String json) {
        return fields(table(new Column("deep_x", "/deep/x", type, "")), json);
    }

    /** The bytes between the system columns, of a payload without fields that the table does not have. */
    private static byte[] fields(TableDefinition table, String json) {
        var batch = Fixture.batch(0, 1, List.of(Fixture.event(0, "e", json)));
        Encoding encoding = new RowEncoder(table).encode(batch.id(), batch.events(), 0);
        assertThat(encoding.rejected()).isEmpty();
        int first = 1 + "id-0".length() + 8 + 4;
        int last = 1 + 1 + 1 + 16 + 4 + 8 + 4 + 8;
        EncodedRows rows = encoding.rows();
        return java.util.Arrays.copyOfRange(rows.buffer().bytes(), rows.start(0) + first, rows.start(1) - last);
    }

    private static byte[] bytes(Encoding encoding) {
        RowBuffer buffer = encoding.rows().buffer();
        return java.util.Arrays.copyOf(buffer.bytes(), buffer.size());
    }

    private static TableDefinition table(Column... columns) {
        return new TableDefinition("d", "t", List.of(columns), List.of("event_time"), PartitionKey.MONTHLY, null);
    }

    private static ColumnType signed(int bits) {
        return new ColumnType.Int(bits, Sign.SIGNED);
    }

    private static ColumnType unsigned(int bits) {
        return new ColumnType.Int(bits, Sign.UNSIGNED);
    }
}
