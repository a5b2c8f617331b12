package dev.cdp.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Properties;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A client that is not ours reads the values that were sent, for every type. */
@CdpTest
final class JdbcReadTest {

    private final Fixture fixture;

    JdbcReadTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    @Test
    void everyTypeReadsAsItWasSent() throws Exception {
        Catalog catalog = fixture.catalog("""
                typed:
                  schema:
                    type: object
                    required: [i8, u8, i64, u64]
                    properties:
                      i8: { type: integer, minimum: -128, maximum: 127 }
                      u8: { type: integer, minimum: 0, maximum: 255 }
                      i16: { x-clickhouse-type: Int16 }
                      u16: { x-clickhouse-type: UInt16 }
                      i32: { x-clickhouse-type: Int32 }
                      u32: { x-clickhouse-type: UInt32 }
                      i64: { type: integer }
                      u64: { type: integer, minimum: 0 }
                      f32: { x-clickhouse-type: Float32 }
                      f64: { type: number }
                      d9: { type: number, multipleOf: 0.01, minimum: 0, maximum: 1 }
                      d18: { type: number, multipleOf: 0.001, minimum: -999999999, maximum: 0 }
                      d38: { type: number, multipleOf: 0.0001 }
                      d76: { x-clickhouse-type: "Decimal(76, 20)" }
                      b: { type: boolean }
                      s: { type: string }
                      low: { enum: [a, b] }
                      id: { type: string, format: uuid }
                      v4: { type: string, format: ipv4 }
                      v6: { type: string, format: ipv6 }
                      day: { type: string, format: date }
                      at: { type: string, format: date-time }
                      nanos: { x-clickhouse-type: "DateTime64(9, 'Europe/Berlin')" }
                      list: { type: array, items: { type: [integer, "null"] } }
                      items: { type: array, items: { type: object, properties: { n: { type: integer }, t: { type: string } } } }
                      map: { type: object, additionalProperties: { type: integer } }
                      dynamic: { type: object, x-clickhouse-type: JSON }
                      free: { type: object }
                      absent: { type: integer }
                """);
        String json = "{\"i8\":-128,\"u8\":255,\"i16\":-32768,\"u16\":65535,\"i32\":-2147483648,\"u32\":4294967295,"
                + "\"i64\":-9223372036854775808,\"u64\":18446744073709551615,\"f32\":0.1,\"f64\":1e-300,\"d9\":0.01,"
                + "\"d18\":-999999998.999,\"d76\":99999999999999999999999999999999999999999999999999999999.00000000000000000001,"
                + "\"d38\":-1234567890123456789012345678901234.5678,\"b\":true,\"s\":\"👍\\u0000ä\",\"low\":\"b\","
                + "\"id\":\"8f4e6d60-1c2b-4a3d-9e8f-001122334455\",\"v4\":\"255.0.0.1\",\"v6\":\"2001:db8::1\","
                + "\"day\":\"1900-01-01\",\"at\":\"2299-12-31T23:59:59.999Z\","
                + "\"nanos\":\"2026-07-01T00:00:00.123456789Z\",\"list\":[1,null],\"items\":[{\"n\":1,\"t\":\"x\"}],"
                + "\"map\":{\"k\":7},\"dynamic\":{\"p\":{\"q\":1}},\"free\":{\"z\": [1]},\"other\":true}";
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            assertThat(sink.write(Fixture.batch(0, 1, List.of(Fixture.event(0, "typed", json))))
                            .rejected())
                    .isEmpty();
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + fixture.table("typed"))) {
            assertThat(row.next()).isTrue();
            assertThat(row.getByte("i8")).isEqualTo(Byte.MIN_VALUE);
            assertThat(row.getInt("u8")).isEqualTo(255);
            assertThat(row.getShort("i16")).isEqualTo(Short.MIN_VALUE);
            assertThat(row.getInt("u16")).isEqualTo(65_535);
            assertThat(row.getInt("i32")).isEqualTo(Integer.MIN_VALUE);
            assertThat(row.getLong("u32")).isEqualTo(4_294_967_295L);
            assertThat(row.getLong("i64")).isEqualTo(Long.MIN_VALUE);
            assertThat(row.getObject("u64")).isEqualTo(new BigInteger("18446744073709551615"));
            assertThat(row.getFloat("f32")).isEqualTo(0.1f);
            assertThat(row.getDouble("f64")).isEqualTo(1e-300);
            assertThat(row.getBigDecimal("d9")).isEqualByComparingTo(new BigDecimal("0.01"));
            assertThat(row.getBigDecimal("d38"))
                    .isEqualByComparingTo(new BigDecimal("-1234567890123456789012345678901234.5678"));
            assertThat(row.getBigDecimal("d18")).isEqualByComparingTo(new BigDecimal("-999999998.999"));
            assertThat(row.getBigDecimal("d76"))
                    .isEqualByComparingTo(new BigDecimal("9".repeat(56) + ".00000000000000000001"));
            assertThat(row.getBoolean("b")).isTrue();
            assertThat(row.getString("s").getBytes(StandardCharsets.UTF_8))
                    .isEqualTo("👍\u0000ä".getBytes(StandardCharsets.UTF_8));
            assertThat(row.getString("low")).isEqualTo("b");
            assertThat(row.getObject("id")).hasToString("8f4e6d60-1c2b-4a3d-9e8f-001122334455");
            assertThat(row.getString("v4")).endsWith("255.0.0.1");
            assertThat(row.getString("v6")).contains("2001:db8:0:0:0:0:0:1");
            assertThat(row.getString("day")).isEqualTo("1900-01-01");
            assertThat(row.getObject("at", OffsetDateTime.class).toInstant()).hasToString("2299-12-31T23:59:59.999Z");
            assertThat(row.getObject("nanos", OffsetDateTime.class).toInstant())
                    .hasToString("2026-07-01T00:00:00.123456789Z");
            assertThat((Object[]) row.getArray("list").getArray()).containsExactly(1L, null);
            assertThat(row.getObject("map")).hasToString("{k=7}");
            assertThat(row.getString("free")).isEqualTo("{\"z\": [1]}");
            assertThat(row.getObject("_unknown")).hasToString("{/other=true}");
            assertThat(row.getObject("absent")).isNull();
            assertThat(row.getString("event_id")).isEqualTo("id-0");
            assertThat(row.getObject("event_time", OffsetDateTime.class).toInstant())
                    .isEqualTo(Fixture.TIME);
            assertThat(row.getInt("event_version")).isEqualTo(1);
            assertThat(row.getString("_topic")).isEqualTo("t");
            assertThat(row.getInt("_partition")).isZero();
            assertThat(row.getLong("_replay")).isZero();
            assertThat(row.getLong("_offset")).isZero();
            assertThat(row.getObject("_topic_id")).isEqualTo(Fixture.TOPIC_ID);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT items[1].n, tupleElement(items[1], 't'), dynamic.p.q::Int64 FROM "
                                + fixture.table("typed"))) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(1);
            assertThat(row.getString(2)).isEqualTo("x");
            assertThat(row.getLong(3)).isEqualTo(1);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", fixture.server.user());
        properties.setProperty("password", fixture.server.password());
        return DriverManager.getConnection("jdbc:clickhouse:" + fixture.server.url(), properties);
    }
}
