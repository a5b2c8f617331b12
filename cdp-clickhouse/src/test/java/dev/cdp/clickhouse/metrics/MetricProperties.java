package dev.cdp.clickhouse.metrics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cdp.clickhouse.metrics.Shop.Sale;
import dev.cdp.clickhouse.metrics.Shop.Visit;
import dev.cdp.core.catalog.Dimension;
import dev.cdp.core.catalog.Metric;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EngineUnavailableException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** The real engine counts what Java counts, in every time zone, from facts and from rollups. */
final class MetricProperties {

    private static final List<String> COUNTRIES = List.of("DE", "it's", "\\'; --", "Ünïcödé", "");
    private static final List<ZoneId> ZONES = Stream.of(
                    "UTC",
                    "Europe/Berlin",
                    "America/New_York",
                    "Asia/Kolkata",
                    "Asia/Kathmandu",
                    "America/St_Johns",
                    "America/Sao_Paulo", // no midnight on some days
                    "Australia/Lord_Howe", // half an hour of summer time
                    "Africa/Cairo",
                    "Pacific/Apia") // a day left out
            .map(ZoneId::of)
            .toList();

    private static @Nullable EmbeddedClickHouse server;
    private static @Nullable Shop shop;
    private static @Nullable String missing;

    @BeforeContainer
    static void startServer() {
        try {
            server = EmbeddedClickHouse.start();
            shop = new Shop(server);
            shop.rollups().apply();
        } catch (EngineUnavailableException e) {
            if (Boolean.getBoolean("cdp.engine.required")) {
                throw e;
            }
            missing = e.getMessage();
        }
    }

    @AfterContainer
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Tag("campaign")
    @AddLifecycleHook(SkippedWithoutEngine.class)
    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void factsRollupsAndJavaAgreeForMany(@ForAll long seed) {
        factsRollupsAndJavaAgree(seed);
    }

    @AddLifecycleHook(SkippedWithoutEngine.class)
    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void factsRollupsAndJavaAgree(@ForAll long seed) {
        if (shop == null) {
            throw new AssertionError("no server");
        }
        Random random = new Random(seed);
        ZoneId zone = pick(random, ZONES);
        Instant center = center(random, zone);
        List<Sale> sales = sales(random, center);
        List<Visit> visits = visits(random, center);
        shop.empty();
        shop.store(sales, visits);
        MetricCompiler compiler = MetricCompiler.of(shop.catalog);
        for (Metric metric : shop.catalog.metrics()) {
            MetricQuery query = query(random, metric, zone, center);
            MetricSql facts;
            MetricSql rollups;
            try {
                facts = compiler.fromFacts(query);
                rollups = compiler.compile(query, compiler.plan().rollups());
            } catch (MetricQueryException e) {
                assertThat(e).hasMessageContaining("part of an hour");
                continue;
            }
            Map<List<Object>, Object> fromFacts = rows(shop.ask(facts));
            Map<List<Object>, Object> fromRollups = rows(shop.ask(rollups));

            agree(query + "\n" + facts.sql() + "\n" + rollups.sql(), fromFacts, fromRollups);
            Oracle oracle = new Oracle(query, sales, visits);
            oracle.expected(metric)
                    .ifPresent(expected -> agree(query + " in Java\n" + facts.sql(), expected, fromFacts));
        }
    }

    private static void agree(String what, Map<List<Object>, Object> expected, Map<List<Object>, Object> found) {
        assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
        expected.forEach((key, value) -> {
            Object other = found.get(key);
            boolean same = same(value, other);
            assertThat(same).as("%s%nat %s: %s and %s", what, key, value, other).isTrue();
        });
    }

    private static boolean same(Object value, @Nullable Object other) {
        if (value instanceof Number a && other instanceof Number b) {
            double size = Math.max(1, Math.max(Math.abs(a.doubleValue()), Math.abs(b.doubleValue())));
            return Math.abs(a.doubleValue() - b.doubleValue()) <= 1e-9 * size;
        }
        return String.valueOf(value).equals(String.valueOf(other));
    }

    /** The value of each key; a key that comes twice is an error. */
    private static Map<List<Object>, Object> rows(List<List<@Nullable Object>> rows) {
        Map<List<Object>, Object> byKey = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        for (List<@Nullable Object> row : rows) {
            List<Object> key = row.subList(0, row.size() - 1).stream()
                    .map(value -> (Object) String.valueOf(value))
                    .toList();
            Object before = byKey.put(key, plain(row.get(row.size() - 1)));
            assertThat(before).as("rows of %s", key).isNull();
        }
        return byKey;
    }

    private static Object plain(@Nullable Object value) {
        return value == null ? "null" : value;
    }

    private static MetricQuery query(Random random, Metric metric, ZoneId zone, Instant center) {
        List<String> by = metric.by().stream()
                .map(Dimension::name)
                .filter(dimension -> random.nextBoolean())
                .toList();
        MetricQuery.Builder query =
                MetricQuery.of(metric.name()).by(by.toArray(String[]::new)).zone(zone);
        Grain[] grains = Grain.values();
        int grain = random.nextInt(grains.length + 1);
        if (grain < grains.length) {
            query.grain(grains[grain]);
        }
        boolean ranged = metric instanceof Metric.Cumulative || random.nextBoolean();
        if (ranged) {
            int unit = random.nextBoolean() ? 900 : 3_600;
            long middle = center.getEpochSecond() / unit;
            query.from(Instant.ofEpochSecond((middle - random.nextInt(60)) * unit))
                    .to(Instant.ofEpochSecond((middle + 1 + random.nextInt(100)) * unit));
        } else {
            query.from(center.minus(40, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS));
        }
        boolean filtered =
                metric.by().stream().anyMatch(dimension -> dimension.name().equals("country"));
        if (filtered && random.nextInt(3) == 0) {
            query.where("country in ('DE', 'it''s', '\\''; --')");
        }
        return query.build();
    }

    /** A moment at which clocks change, where they do. */
    private static Instant center(Random random, ZoneId zone) {
        Instant some = Instant.parse("2009-06-01T00:00:00Z").plusSeconds(random.nextInt(500_000_000));
        var change = zone.getRules().previousTransition(some);
        return change == null || change.getInstant().isBefore(Instant.parse("1990-01-01T00:00:00Z"))
                ? some
                : change.getInstant();
    }

    private static Instant time(Random random, Instant center) {
        int spread = pick(random, List.of(2, 6, 72, 24 * 35));
        long quarter = center.getEpochSecond() / 900 + random.nextInt(spread * 8) - spread * 4L;
        long millis = pick(random, List.of(0L, 1L, 899_999L, (long) random.nextInt(900_000)));
        return Instant.ofEpochMilli(quarter * 900_000 + millis);
    }

    private static List<Sale> sales(Random random, Instant center) {
        return IntStream.range(0, random.nextInt(120))
                .mapToObj(i -> new Sale(
                        time(random, center),
                        pick(random, COUNTRIES),
                        channel(random),
                        random.nextBoolean(),
                        random.nextInt(100_001),
                        random.nextInt(4) == 0 ? null : random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt(5),
                        random.nextInt(4) == 0 ? null : random.nextInt(1_000) / 8.0,
                        "buyer" + random.nextInt(20),
                        random.nextInt(4) == 0 ? null : time(random, center)))
                .toList();
    }

    private static List<Visit> visits(Random random, Instant center) {
        return IntStream.range(0, random.nextInt(120))
                .mapToObj(i -> new Visit(time(random, center), pick(random, COUNTRIES), channel(random)))
                .toList();
    }

    private static @Nullable String channel(Random random) {
        return random.nextInt(4) == 0 ? null : pick(random, List.of("web", "app", "shop"));
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** What Java makes of the same facts. */
    private record Oracle(MetricQuery query, List<Sale> sales, List<Visit> visits) {

        private static final Map<String, Function<Sale, Object>> SALE =
                Map.of("country", Sale::country, "channel", sale -> plain(sale.channel()), "gift", Sale::gift);

        Optional<Map<List<Object>, Object>> expected(Metric metric) {
            return switch (metric.name()) {
                case "sales" -> Optional.of(grouped(sales, group -> (long) group.size(), 0L));
                case "gifts" ->
                    Optional.of(grouped(sales.stream().filter(Sale::gift).toList(), group -> (long) group.size(), 0L));
                case "turnover" -> Optional.of(grouped(sales, Oracle::turnover, 0L));
                case "foreign_turnover" ->
                    Optional.of(grouped(
                            sales.stream()
                                    .filter(sale ->
                                            !List.of("DE", "it's").contains(sale.country()) && sale.channel() != null)
                                    .toList(),
                            Oracle::turnover,
                            0L));
                case "units" -> Optional.of(grouped(withUnits(), Oracle::units, 0L));
                case "mean_price" ->
                    Optional.of(grouped(sales, group -> (double) turnover(group) / group.size(), "null"));
                case "mean_units" ->
                    Optional.of(grouped(
                            withUnits().stream()
                                    .filter(sale -> sale.exactUnits().compareTo(BigInteger.ONE) > 0)
                                    .toList(),
                            group -> units(group).doubleValue() / group.size(),
                            "null"));
                case "cheapest" ->
                    Optional.of(grouped(
                            sales,
                            group -> group.stream().mapToInt(Sale::price).min().orElseThrow(),
                            "null"));
                case "buyers", "about_buyers" ->
                    Optional.of(grouped(
                            sales,
                            group -> group.stream().map(Sale::buyer).distinct().count(),
                            0L));
                case "sales_so_far" -> Optional.of(cumulative(group -> new BigDecimal(group.size()), null));
                case "turnover_2d" -> Optional.of(cumulative(group -> new BigDecimal(turnover(group)), 48));
                default -> Optional.empty();
            };
        }

        private List<Sale> withUnits() {
            return sales.stream().filter(sale -> sale.units() != null).toList();
        }

        private static long turnover(List<Sale> group) {
            return group.stream().mapToLong(Sale::price).sum();
        }

        private static BigInteger units(List<Sale> group) {
            return group.stream().map(Sale::exactUnits).reduce(BigInteger.ZERO, BigInteger::add);
        }

        private boolean counts(Sale sale) {
            return query.where().isEmpty() || List.of("DE", "it's", "\\'; --").contains(sale.country());
        }

        private List<Object> key(Sale sale) {
            return query.by().stream()
                    .map(name -> (Object) String.valueOf(SALE.get(name).apply(sale)))
                    .toList();
        }

        private Map<List<Object>, Object> grouped(List<Sale> from, Function<List<Sale>, Object> value, Object none) {
            Map<List<Object>, Object> result =
                    new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
            Map<List<Object>, List<Sale>> groups = from.stream()
                    .filter(sale ->
                            !sale.time().isBefore(query.from()) && sale.time().isBefore(query.to()))
                    .filter(this::counts)
                    .collect(Collectors.groupingBy(sale -> Stream.concat(
                                    query.grain().stream().map(grain -> (Object) bucket(sale.time(), grain)),
                                    key(sale).stream())
                            .toList()));
            groups.forEach((key, group) -> result.put(key, value.apply(group)));
            if (groups.isEmpty() && query.grain().isEmpty() && query.by().isEmpty()) {
                result.put(List.of(), none);
            }
            return result;
        }

        private String bucket(Instant time, Grain grain) {
            ZonedDateTime local = time.atZone(query.zone());
            LocalDate date = local.toLocalDate();
            return switch (grain) {
                case HOUR -> local.truncatedTo(ChronoUnit.HOURS).toInstant().toString();
                case DAY -> date.toString();
                case WEEK ->
                    date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                            .toString();
                case MONTH -> date.withDayOfMonth(1).toString();
            };
        }

        /** {@code hours}: how far back, calendar days where they are some; null for everything. */
        private Map<List<Object>, Object> cumulative(Function<List<Sale>, BigDecimal> value, @Nullable Integer hours) {
            Map<List<Object>, Object> result =
                    new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
            List<Instant> edges = new ArrayList<>();
            Grain grain = query.grainOrNull();
            if (grain == null) {
                edges.add(query.to());
            } else if (grain == Grain.HOUR) {
                Instant at = query.from()
                        .atZone(query.zone())
                        .truncatedTo(ChronoUnit.HOURS)
                        .toInstant();
                for (edges.add(at); at.isBefore(query.to()); edges.add(at)) {
                    at = at.plusSeconds(3_600);
                }
            } else {
                LocalDate at = LocalDate.parse(bucket(query.from(), grain));
                edges.add(at.atStartOfDay(query.zone()).toInstant());
                while (edges.get(edges.size() - 1).isBefore(query.to())) {
                    at = grain == Grain.DAY ? at.plusDays(1) : grain == Grain.WEEK ? at.plusWeeks(1) : at.plusMonths(1);
                    edges.add(at.atStartOfDay(query.zone()).toInstant());
                }
            }
            Instant first = hours == null ? Instant.MIN : back(edges.get(grain == null ? 0 : 1), hours);
            Map<List<Object>, List<Sale>> groups = sales.stream()
                    .filter(sale -> !sale.time().isBefore(first) && sale.time().isBefore(query.to()) && counts(sale))
                    .collect(Collectors.groupingBy(this::key));
            if (groups.isEmpty() && query.by().isEmpty()) {
                groups.put(List.of(), List.of());
            }
            groups.forEach((key, group) -> {
                for (int i = grain == null ? 0 : 1; i < edges.size(); i++) {
                    Instant end = edges.get(i);
                    Instant since = hours == null ? Instant.MIN : back(end, hours);
                    List<Sale> counted = group.stream()
                            .filter(sale ->
                                    !sale.time().isBefore(since) && sale.time().isBefore(end))
                            .toList();
                    List<Object> at = new ArrayList<>();
                    if (grain != null) {
                        at.add(bucket(edges.get(i - 1), grain));
                    }
                    at.addAll(key);
                    result.put(at, value.apply(counted));
                }
            });
            return result;
        }

        private Instant back(Instant end, int hours) {
            ZonedDateTime local = end.atZone(query.zone());
            return local.equals(local.toLocalDate().atStartOfDay(query.zone()))
                    ? local.toLocalDate()
                            .minusDays(hours / 24)
                            .atStartOfDay(query.zone())
                            .toInstant()
                    : local.minusDays(hours / 24).toInstant();
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
