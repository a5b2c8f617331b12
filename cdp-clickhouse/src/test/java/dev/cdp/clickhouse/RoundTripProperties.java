package dev.cdp.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EngineUnavailableException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** What was a JSON value comes out of the real engine as that value, for every type at its edges. */
final class RoundTripProperties {

    private static final Instant MIN_TIME = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant MAX_TIME = Instant.parse("2299-12-31T23:59:59.999999999Z");
    private static final Instant MAX_NANO_TIME = Instant.parse("2262-04-11T23:47:16.854775807Z");

    /** Of every type, whose rows go as rows; and of those whose rows go as a block of columns. */
    private static final List<Loader> LOADERS = new ArrayList<>();

    private static @Nullable String missing;

    @BeforeContainer
    static void startServer() {
        try {
            EmbeddedClickHouse server = EmbeddedClickHouse.start();
            LOADERS.add(new Loader(server, Type.ALL));
            LOADERS.add(new Loader(
                    server,
                    Type.ALL.stream()
                            .filter(type ->
                                    !type.sql().contains("JSON") && type.sql().lastIndexOf("LowCardinality") <= 0)
                            .toList()));
        } catch (EngineUnavailableException e) {
            if (Boolean.getBoolean("cdp.engine.required")) {
                throw e;
            }
            missing = e.getMessage();
        }
    }

    @AfterContainer
    static void stopServer() {
        LOADERS.forEach(Loader::close);
    }

    /** The values have their edges themselves; jqwik would combine those of all types, which takes most of the time. */
    @AddLifecycleHook(SkippedWithoutEngine.class)
    @Property(tries = 4, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everyValueComesOutAsItWentIn(@ForAll("batches") Batch batch) throws Exception {
        for (Loader loader : LOADERS) {
            List<List<String>> stored = loader.store(batch.rows());
            assertThat(stored).hasSameSizeAs(batch.rows());
            for (int row = 0; row < stored.size(); row++) {
                List<Value> values = loader.values(batch.rows().get(row));
                for (int column = 0; column < values.size(); column++) {
                    Value value = values.get(column);
                    assertThat(stored.get(row).get(column))
                            .as("%s of %s", loader.types.get(column).sql(), value.json())
                            .isEqualTo(value.stored());
                }
            }
        }
    }

    @Tag("campaign")
    @AddLifecycleHook(SkippedWithoutEngine.class)
    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void manyValuesComeOutAsTheyWentIn(@ForAll("batches") Batch batch) throws Exception {
        everyValueComesOutAsItWentIn(batch);
    }

    @AddLifecycleHook(SkippedWithoutEngine.class)
    @Property(tries = 1)
    void mostTypesGoAsABlockOfColumns() {
        assertThat(LOADERS.stream().map(loader -> loader.goesAsBlock)).containsExactly(false, true);
    }

    @Provide
    Arbitrary<Batch> batches() {
        Arbitrary<List<Value>> row = Combinators.combine(
                        Type.ALL.stream().map(Type::values).toList())
                .as(values -> values);
        return row.list().ofMinSize(1).ofMaxSize(12).map(Batch::new);
    }

    /** Rows of every type; too many values to print. */
    record Batch(List<List<Value>> rows) {
        @Override
        public String toString() {
            return rows.size() + " rows";
        }
    }

    /** A value as a payload has it, and as the type's expression shows it when it is stored. */
    record Value(String json, String stored) {

        static Value same(Object value) {
            return new Value(value.toString(), value.toString());
        }
    }

    /** A column's type, how a query shows it, and values for it. */
    record Type(String sql, String shown, Arbitrary<Value> values) {

        static final List<Type> ALL = all();

        /** To compare arbitraries, jqwik compares all that they are made of. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return sql.hashCode();
        }

        private static List<Type> all() {
            List<Type> types = new ArrayList<>();
            for (int bits = 8; bits <= 64; bits *= 2) {
                types.add(new Type("Int" + bits, "toString(%s)", integers(true, bits)));
                types.add(new Type("UInt" + bits, "toString(%s)", integers(false, bits)));
            }
            types.add(new Type("Float64", "toString(reinterpretAsInt64(%s))", doubles()));
            types.add(new Type("Float32", "toString(reinterpretAsInt32(%s))", floats()));
            types.add(
                    new Type("Bool", "toString(%s)", Arbitraries.of(true, false).map(Value::same)));
            types.add(new Type("String", "hex(%s)", texts()));
            types.add(new Type("LowCardinality(String)", "hex(%s)", texts()));
            types.add(new Type("UUID", "toString(%s)", uuids()));
            types.add(new Type("IPv4", "toString(%s)", ipv4()));
            types.add(new Type("IPv6", "hex(%s)", ipv6()));
            types.add(new Type("Date32", "toString(%s)", dates()));
            for (int precision = 0; precision <= 9; precision++) {
                types.add(new Type("DateTime64(" + precision + ")", "toString(%s)", times(precision)));
            }
            types.add(new Type("DateTime64(6, 'Europe/Berlin')", "toString(toTimeZone(%s, 'UTC'))", times(6)));
            for (int[] digits : new int[][] {{9, 2}, {9, 0}, {9, 9}, {18, 4}, {38, 10}, {76, 20}}) {
                types.add(new Type(
                        "Decimal(" + digits[0] + ", " + digits[1] + ")",
                        "toDecimalString(%s, " + digits[1] + ")",
                        decimals(digits[0], digits[1])));
            }
            List<Type> plain = List.copyOf(types);
            plain.stream().filter(type -> !type.sql.startsWith("Low")).forEach(type -> types.add(nullable(type)));
            types.add(nullable(new Type("LowCardinality(Nullable(String))", "hex(%s)", texts()), "%s"));
            plain.stream().filter(type -> !type.sql.startsWith("Low")).forEach(type -> types.add(array(type)));
            types.add(array(array(plain.get(0))));
            types.add(array(nullable(plain.get(0))));
            plain.forEach(type -> types.add(map(type)));
            types.add(map(nullable(plain.get(0))));
            types.add(map(array(plain.get(0))));
            types.add(map(map(plain.get(0))));
            types.add(array(tuple(plain.get(0), nullable(plain.get(10)))));
            types.add(map(tuple(array(plain.get(8)), map(plain.get(10)))));
            types.add(array(tuple(plain.get(1), array(tuple(plain.get(2), plain.get(3))))));
            types.add(new Type("JSON", "toJSONString(%s)", objects()));
            types.add(nullable(new Type("JSON", "toJSONString(%s)", objects())));
            types.add(new Type("", "hex(%s)", jsons()));
            return List.copyOf(types);
        }

        private static Type nullable(Type type) {
            return nullable(type, "Nullable(%s)");
        }

        private static Type nullable(Type type, String sql) {
            return new Type(
                    sql.formatted(type.sql),
                    "ifNull(" + type.shown + ", 'NULL')",
                    type.values.injectNull(0.2).map(value -> value == null ? new Value("null", "NULL") : value));
        }

        private static Type array(Type type) {
            return new Type(
                    "Array(" + type.sql + ")",
                    "arrayStringConcat(arrayMap(x -> concat('<', " + type.shown.replace("%s", "x") + ", '>'), %s))",
                    Arbitraries.frequencyOf(
                            Tuple.of(19, type.values.list().ofMaxSize(3).map(Type::arrayOf)),
                            Tuple.of(
                                    1,
                                    type.values
                                            .list()
                                            .ofMinSize(127)
                                            .ofMaxSize(129)
                                            .map(Type::arrayOf))));
        }

        private static Type map(Type type) {
            Arbitrary<List<Value>> keys = texts().filter(text -> text.json.length() < 10_000)
                    .list()
                    .ofMaxSize(3)
                    .uniqueElements(Value::stored);
            return new Type(
                    "Map(String, " + type.sql + ")",
                    "arrayStringConcat(arrayMap((k, v) -> concat('<', hex(k), '=', " + type.shown.replace("%s", "v")
                            + ", '>'), mapKeys(%s), mapValues(%s)))",
                    Combinators.combine(keys, type.values.list().ofSize(3)).as(Type::mapOf));
        }

        private static Value mapOf(List<Value> keys, List<Value> values) {
            return new Value(
                    IntStream.range(0, keys.size())
                            .mapToObj(i -> keys.get(i).json + " : " + values.get(i).json)
                            .collect(Collectors.joining(", ", "{", "}")),
                    IntStream.range(0, keys.size())
                            .mapToObj(i -> "<" + keys.get(i).stored + "=" + values.get(i).stored + ">")
                            .collect(Collectors.joining()));
        }

        /** With a name that must be quoted. */
        private static Type tuple(Type first, Type second) {
            return new Type(
                    "Tuple(a " + first.sql + ", `b, \\\\`c` " + second.sql + ")",
                    "concat(" + first.shown.replace("%s", "%s.1") + ", '|', " + second.shown.replace("%s", "%s.2")
                            + ")",
                    Combinators.combine(first.values, second.values)
                            .as((a, b) -> new Value(
                                    "{\"b, `c\": " + b.json + ", \"a\" : " + a.json + "}", a.stored + "|" + b.stored)));
        }

        private static Arbitrary<Value> decimals(int precision, int scale) {
            BigInteger max = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
            Arbitrary<BigInteger> digits = Arbitraries.oneOf(
                    Arbitraries.of(max, max.negate(), BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE.negate()),
                    Arbitraries.bigIntegers().between(max.negate(), max));
            return Combinators.combine(digits, Arbitraries.of(true, false)).as((unscaled, plain) -> {
                BigDecimal value = new BigDecimal(unscaled, scale);
                return new Value(
                        plain || unscaled.signum() == 0 ? value.toPlainString() : unscaled + "0e-" + (scale + 1),
                        value.toPlainString());
            });
        }

        /** As ClickHouse writes them: names in their order, no spaces. */
        private static Arbitrary<Value> objects() {
            Arbitrary<String> leaf = Arbitraries.oneOf(
                    Arbitraries.longs().map(String::valueOf),
                    Arbitraries.of("true", "\"\"", "\"a👍🏽ä\"", "0.25", "[1,2]", "[\"x\"]"));
            return Combinators.combine(leaf, leaf, leaf)
                    .as((a, b, c) -> "{\"a\":" + a + ",\"b\":{\"c\":" + b + ",\"d e\":" + c + "}}")
                    .injectDuplicates(0.1)
                    .map(json -> new Value(json.replace(":", " : "), json));
        }

        private static Value arrayOf(List<Value> values) {
            return new Value(
                    values.stream().map(Value::json).collect(Collectors.joining(" , ", "[", "]")),
                    values.stream().map(value -> "<" + value.stored + ">").collect(Collectors.joining()));
        }

        private static Arbitrary<Value> integers(boolean signed, int bits) {
            BigInteger min = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
            BigInteger max = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
            Arbitrary<BigInteger> integers = Arbitraries.oneOf(
                    Arbitraries.of(min, max, BigInteger.ZERO, BigInteger.ONE, BigInteger.TEN),
                    Arbitraries.bigIntegers().between(min, max));
            List<Function<BigInteger, String>> forms = List.of(
                    BigInteger::toString,
                    BigInteger::toString,
                    n -> n + ".0",
                    n -> n + "e0",
                    n -> n.signum() == 0 ? "-0" : n.toString(),
                    n -> n.signum() == 0 ? "0.00E-2" : n + "00.00E-2");
            return Combinators.combine(integers, Arbitraries.of(forms))
                    .as((n, form) -> new Value(form.apply(n), n.toString()));
        }

        private static Arbitrary<Value> doubles() {
            Arbitrary<Double> values = Arbitraries.oneOf(
                    Arbitraries.of(
                            0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e22, 0.1, 1.0 / 3),
                    Arbitraries.doubles());
            return values.map(d -> new Value(Double.toString(d), Long.toString(Double.doubleToRawLongBits(d))));
        }

        private static Arbitrary<Value> floats() {
            Arbitrary<Float> values = Arbitraries.oneOf(
                    Arbitraries.of(0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 0.1f, 16777216f),
                    Arbitraries.floats());
            return values.map(f -> new Value(Float.toString(f), Integer.toString(Float.floatToRawIntBits(f))));
        }

        private static Arbitrary<Value> texts() {
            Arbitrary<String> texts = Arbitraries.oneOf(
                    Arbitraries.of(
                            "",
                            "\u0000",
                            "a\u0000b",
                            "👍🏽",
                            "\uD83D\uDE00".repeat(50),
                            "ä".repeat(63) + "é",
                            "\t\n\"\\'",
                            "x".repeat(127),
                            "x".repeat(128),
                            "€".repeat(5461) + "y",
                            "z".repeat(70_000)),
                    Arbitraries.strings().ofMaxLength(40).filter(RoundTripProperties::wellFormed));
            return Combinators.combine(texts, Arbitraries.of(true, false))
                    .as((text, escaped) -> new Value(quoted(text, escaped), hex(text)));
        }

        private static Arbitrary<Value> jsons() {
            Arbitrary<String> leaf = Arbitraries.oneOf(
                    Arbitraries.of(
                            "null", "true", "-0.10e+5", "\"\\u00e4 \\\"} \"", "{}", "[]", "12345678901234567890123"),
                    texts().map(Value::json),
                    Arbitraries.longs().map(String::valueOf));
            Arbitrary<String> nested = leaf.list().ofMaxSize(3).map(l -> "{ \"a\" : [" + String.join(",\n", l) + "] }");
            return Arbitraries.oneOf(leaf, nested).map(json -> new Value(json, hex(json)));
        }

        private static Arbitrary<Value> uuids() {
            Arbitrary<UUID> uuids = Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                    .as(UUID::new);
            return Combinators.combine(uuids, Arbitraries.of(true, false))
                    .as((id, upper) -> new Value(
                            "\"" + (upper ? id.toString().toUpperCase(Locale.ROOT) : id) + "\"", id.toString()));
        }

        private static Arbitrary<Value> ipv4() {
            return Arbitraries.oneOf(Arbitraries.of(0, -1, 1 << 24, 255), Arbitraries.integers())
                    .map(ip -> (ip >>> 24) + "." + (ip >>> 16 & 255) + "." + (ip >>> 8 & 255) + "." + (ip & 255))
                    .map(ip -> new Value("\"" + ip + "\"", ip));
        }

        private static Arbitrary<Value> ipv6() {
            Arbitrary<byte[]> addresses = Arbitraries.oneOf(
                    Arbitraries.bytes().array(byte[].class).ofSize(16),
                    Arbitraries.of((byte) 0, (byte) 0, (byte) 1)
                            .array(byte[].class)
                            .ofSize(16));
            Arbitrary<Value> written = addresses.map(bytes -> new Value(
                    "\"" + colons(bytes) + "\"", HexFormat.of().withUpperCase().formatHex(bytes)));
            return Arbitraries.oneOf(
                    written,
                    Arbitraries.of(
                            new Value("\"::\"", "0".repeat(32)),
                            new Value("\"::1\"", "0".repeat(31) + "1"),
                            new Value("\"2001:DB8::\"", "20010DB8" + "0".repeat(24)),
                            new Value("\"::ffff:1.2.3.4\"", "0".repeat(20) + "FFFF01020304"),
                            new Value("\"1:2:3:4:5:6:77.88.99.1\"", "00010002000300040005" + "00064D586301")));
        }

        private static String colons(byte[] bytes) {
            try {
                return Inet6Address.getByAddress(null, bytes, -1).getHostAddress();
            } catch (java.net.UnknownHostException e) {
                throw new AssertionError(e);
            }
        }

        private static Arbitrary<Value> dates() {
            long min = LocalDate.of(1900, 1, 1).toEpochDay();
            long max = LocalDate.of(2299, 12, 31).toEpochDay();
            return Arbitraries.oneOf(
                            Arbitraries.of(min, max, 0L, -1L),
                            Arbitraries.longs().between(min, max))
                    .map(LocalDate::ofEpochDay)
                    .map(date -> new Value("\"" + date + "\"", date.toString()));
        }

        private static Arbitrary<Value> times(int precision) {
            Instant max = precision == 9 ? MAX_NANO_TIME : MAX_TIME;
            Arbitrary<Instant> instants = Arbitraries.oneOf(
                    Arbitraries.of(MIN_TIME, max, Instant.EPOCH, Instant.EPOCH.minusNanos(1), MIN_TIME.plusNanos(1)),
                    Combinators.combine(
                                    Arbitraries.longs().between(MIN_TIME.getEpochSecond(), max.getEpochSecond() - 1),
                                    Arbitraries.integers().between(0, 999_999_999))
                            .as(Instant::ofEpochSecond));
            Arbitrary<ZoneOffset> offsets = Arbitraries.integers()
                    .between(-18 * 60, 18 * 60)
                    .map(minutes -> ZoneOffset.ofTotalSeconds(minutes * 60))
                    .injectDuplicates(0.3);
            DateTimeFormatter stored = DateTimeFormatter.ofPattern(
                            "yyyy-MM-dd HH:mm:ss" + (precision == 0 ? "" : "." + "S".repeat(precision)), Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
            return Combinators.combine(instants, offsets)
                    .as((time, offset) -> new Value(
                            "\"" + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.atOffset(offset)) + "\"",
                            stored.format(time)));
        }

        private static String quoted(String text, boolean escaped) {
            StringBuilder json = new StringBuilder("\"");
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < 0x20 || c == '"' || c == '\\' || (escaped && c > 0x7E)) {
                    json.append(String.format("\\u%04x", (int) c));
                } else {
                    json.append(c);
                }
            }
            return json.append('"').toString();
        }

        private static String hex(String text) {
            return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text);
    }

    /** One table with a column of each type, and batches into it. */
    private static final class Loader {

        private final Fixture fixture;
        private final ClickHouseSink sink;
        private final List<Type> types;
        private final boolean goesAsBlock;
        private long next;

        Loader(EmbeddedClickHouse server, List<Type> types) {
            this.types = types;
            this.fixture = new Fixture(server);
            String properties = IntStream.range(0, types.size())
                    .mapToObj(i -> "c" + i + ": { "
                            + (types.get(i).sql().isEmpty()
                                    ? ""
                                    : "x-clickhouse-type: \"" + types.get(i).sql() + "\"")
                            + " }")
                    .collect(Collectors.joining(", "));
            String required =
                    IntStream.range(0, types.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
            Catalog catalog = fixture.catalog("typed: { schema: { type: object, required: [" + required
                    + "], properties: { " + properties + " } } }");
            this.sink = fixture.sink(catalog);
            sink.migrate();
            this.goesAsBlock = NativeBlock.possible(RowEncoder.columns(
                    catalog.event("typed").orElseThrow().table().orElseThrow()));
        }

        /** Those of a row that are of this table's types. */
        List<Value> values(List<Value> row) {
            return IntStream.range(0, row.size())
                    .filter(i -> types.contains(Type.ALL.get(i)))
                    .mapToObj(row::get)
                    .toList();
        }

        /** What the server shows of each row, column by column. */
        List<List<String>> store(List<List<Value>> rows) throws InterruptedException {
            long first = next;
            next += rows.size();
            List<SinkEvent> events = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                events.add(Fixture.event(first + i, "typed", json(values(rows.get(i)), i)));
            }
            assertThat(sink.write(Fixture.batch(first, next, events))).isEqualTo(SinkResult.stored(rows.size()));
            String shown = IntStream.range(0, types.size())
                    .mapToObj(i -> types.get(i).shown().replace("%s", "c" + i))
                    .collect(Collectors.joining(", "));
            String answer = fixture.query(
                    "SELECT " + shown + " FROM {db}.typed WHERE _offset >= " + first + " ORDER BY _offset FORMAT TSV");
            return answer.lines().map(line -> List.of(line.split("\t", -1))).toList();
        }

        /** In another order of fields for each row. */
        private static String json(List<Value> row, int rotation) {
            return IntStream.range(0, row.size())
                    .map(i -> (i + rotation) % row.size())
                    .mapToObj(i -> "\"c" + i + "\" : " + row.get(i).json())
                    .collect(Collectors.joining(" ,", "{", "} "));
        }

        void close() {
            sink.close();
            fixture.server.close();
        }
    }

    /** A property that is aborted at each try fails as exhausted; so it is skipped before its first. */
    private static final class SkippedWithoutEngine implements SkipExecutionHook {
        @Override
        public SkipResult shouldBeSkipped(LifecycleContext context) {
            return missing == null ? SkipResult.doNotSkip() : SkipResult.skip(missing);
        }
    }
}
