package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.cdp.embedded.EmbeddedKafka;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is offered, by several threads, and through a network that fails and a broker that is paused or killed at
 * any moment, ends in exactly one place, and what its future says of the log is true. The campaign also kills the
 * broker; more rounds: {@code -Dcdp.accounting.repeats=50}.
 */
final class AccountingTest {

    private static final int THREADS = 3;
    /** One round in so many has a broker that is killed; it takes seconds to come back. */
    private static final int KILLED = 8;

    /** How often the campaign plays each script: at full size 240 rounds, at the small size 24. */
    private static final int REPEATS =
            Integer.getInteger("cdp.accounting.repeats", Boolean.getBoolean("cdp.campaigns.full") ? 10 : 1);

    private static final Set<String> KNOWN_NOT_WRITTEN = new HashSet<>();

    private static EmbeddedKafka kafka;
    private static int rounds;

    @BeforeContainer
    static void start() {
        kafka = EmbeddedKafka.builder().proxied().childProcess().start();
        kafka.createTopic("shop.page_seen", 3);
        kafka.createTopic("shop.order_placed", 3);
    }

    @AfterContainer
    static void stop() {
        assertThat(log("r").keySet()).as("written late").doesNotContainAnyElementsOf(KNOWN_NOT_WRITTEN);
        kafka.close();
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void every_event_that_is_offered_ends_in_exactly_one_place(
            @ForAll("scripts") List<List<Step>> scripts, @ForAll("timeouts") Duration timeout) throws Exception {
        play(scripts, timeout, false);
    }

    @Property(tries = 24, shrinking = ShrinkingMode.OFF)
    @Tag("campaign")
    void it_does_so_when_the_broker_is_killed_too(
            @ForAll("scripts") List<List<Step>> scripts, @ForAll("timeouts") Duration timeout) throws Exception {
        for (int i = 0; i < REPEATS; i++) {
            play(scripts, timeout, rounds % KILLED == KILLED / 2);
        }
    }

    private static void play(List<List<Step>> scripts, Duration timeout, boolean killed) throws Exception {
        String round = "r" + rounds++ + "-";
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.putAll(Map.of("request.timeout.ms", 150, "delivery.timeout.ms", 400, "linger.ms", 5));
        CdpProducer producer = CdpProducer.builder(Shop.CATALOG)
                .kafka(properties)
                .bufferMemory(1 << 20)
                .maxBlock(Duration.ofMillis(50))
                .connect();
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        EventPublisher<Shop.OrderPlaced> orders = producer.publisher(Shop.OrderPlaced.class);
        Collection<Offered> offered = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            List<Step> script = killed && t == 1 ? withKill(scripts.get(t)) : scripts.get(t);
            String prefix = round + t + "-";
            threads.add(new Thread(() -> run(script, prefix, producer, pages, orders, offered)));
        }
        threads.forEach(Thread::start);
        threads.get(0).join();
        CloseReport report = producer.close(timeout);
        for (Thread thread : threads) {
            thread.join();
        }
        kafka.proxy().heal();
        kafka.resume();
        if (killed) {
            kafka.restart();
        }

        Map<Outcome, Long> told =
                offered.stream().collect(Collectors.groupingBy(o -> outcome(o.future), Collectors.counting()));
        assertThat(report.offered()).isEqualTo(offered.size());
        assertThat(report.sent()).isEqualTo(told.getOrDefault(Outcome.ACKNOWLEDGED, 0L));
        assertThat(report.rejected()).isEqualTo(told.getOrDefault(Outcome.REJECTED, 0L));
        assertThat(report.failed() + report.uncertain() + report.abandoned())
                .isEqualTo(told.getOrDefault(Outcome.FAILED, 0L) + told.getOrDefault(Outcome.UNCERTAIN, 0L));
        assertThat(report.failed()).isLessThanOrEqualTo(told.getOrDefault(Outcome.FAILED, 0L));
        assertThat(report.uncertain()).isLessThanOrEqualTo(told.getOrDefault(Outcome.UNCERTAIN, 0L));
        Map<String, Long> log = log(round);
        for (Offered one : offered) {
            long copies = log.getOrDefault(one.id, 0L);
            switch (outcome(one.future)) {
                case ACKNOWLEDGED -> assertThat(copies).as("acknowledged").isEqualTo(1);
                case REJECTED, FAILED, ABANDONED -> {
                    assertThat(copies).as("known not written").isZero();
                    KNOWN_NOT_WRITTEN.add(one.id);
                }
                case UNCERTAIN -> assertThat(copies).as("uncertain").isLessThanOrEqualTo(1);
            }
        }
    }

    @Provide
    Arbitrary<List<List<Step>>> scripts() {
        Arbitrary<Step> step = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(20, Arbitraries.of(Step.VALID, Step.VALID, Step.TRY, Step.INVALID, Step.LARGE)),
                net.jqwik.api.Tuple.of(2, Arbitraries.of(Step.FLUSH)),
                net.jqwik.api.Tuple.of(
                        2,
                        Arbitraries.of(
                                Step.DROP_RESPONSES, Step.BLACK_HOLE, Step.RESET, Step.CUT, Step.PAUSE, Step.HEAL)));
        return step.list().ofMinSize(5).ofMaxSize(80).list().ofSize(THREADS);
    }

    @Provide
    Arbitrary<Duration> timeouts() {
        return Arbitraries.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(100), Duration.ofSeconds(2));
    }

    private static List<Step> withKill(List<Step> script) {
        List<Step> killing = new ArrayList<>(script);
        killing.add(script.size() / 2, Step.KILL);
        return killing;
    }

    private static void run(
            List<Step> script,
            String prefix,
            CdpProducer producer,
            EventPublisher<Shop.PageSeen> pages,
            EventPublisher<Shop.OrderPlaced> orders,
            Collection<Offered> offered) {
        int number = 0;
        for (Step step : script) {
            String id = prefix + number++;
            PublishOptions options = PublishOptions.builder().id(id).key(id).build();
            try {
                switch (step) {
                    case VALID -> offered.add(new Offered(id, pages.publish(new Shop.PageSeen("home"), options)));
                    case TRY -> offered.add(new Offered(id, pages.tryPublish(new Shop.PageSeen("home"), options)));
                    case LARGE ->
                        offered.add(new Offered(id, pages.publish(new Shop.PageSeen("x".repeat(400_000)), options)));
                    case INVALID ->
                        offered.add(new Offered(
                                id, orders.publish(new Shop.OrderPlaced("", Instant.EPOCH, -1, null, null), options)));
                    case FLUSH -> producer.flush();
                    case DROP_RESPONSES -> kafka.proxy().dropResponses();
                    case BLACK_HOLE -> kafka.proxy().blackHole();
                    case RESET -> kafka.proxy().resetConnections();
                    case CUT -> kafka.proxy().cutResponsesAfter(200);
                    case PAUSE -> kafka.pause();
                    case KILL -> kafka.kill();
                    case HEAL -> {
                        kafka.proxy().heal();
                        kafka.resume();
                    }
                }
            } catch (ProducerClosedException e) {
                return;
            }
        }
    }

    private static Outcome outcome(CompletableFuture<Published> future) {
        try {
            future.get(0, TimeUnit.SECONDS);
            return Outcome.ACKNOWLEDGED;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidEventException) {
                return Outcome.REJECTED;
            }
            return e.getCause() instanceof PublishUncertainException ? Outcome.UNCERTAIN : Outcome.FAILED;
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("a future is not complete after close()", e);
        }
    }

    private static Map<String, Long> log(String round) {
        return Shop.records(kafka, "shop.page_seen").stream()
                .map(r -> new String(r.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                .filter(id -> id.startsWith(round))
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    }

    enum Step {
        VALID,
        TRY,
        INVALID,
        LARGE,
        FLUSH,
        DROP_RESPONSES,
        BLACK_HOLE,
        RESET,
        CUT,
        PAUSE,
        KILL,
        HEAL
    }

    private record Offered(String id, CompletableFuture<Published> future) {}
}
