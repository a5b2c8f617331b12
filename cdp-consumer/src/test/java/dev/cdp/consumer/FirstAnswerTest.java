package dev.cdp.consumer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Starts while a broker is slow, away, or not known to DNS yet. */
final class FirstAnswerTest {

    /** What a start waited for before there was a setting. */
    private static final Duration OLD_LIMIT = Duration.ofSeconds(5);

    private static EmbeddedKafka kafka;

    private Topics topics;
    private final List<Integer> handled = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder().proxied().start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @AfterEach
    void heal() {
        answers();
        topics.close();
    }

    @BeforeEach
    void open() {
        topics = new Topics(kafka, 1);
    }

    @Test
    void aBrokerThatIsSlowToAnswerIsWaitedFor() throws Exception {
        topics.withDeadLetters();
        kafka.proxy().blackHole();
        try (ResilientConsumer consumer = handling(topics.consumer()).build()) {
            CompletableFuture<Void> resumed = CompletableFuture.runAsync(
                    FirstAnswerTest::answers,
                    CompletableFuture.delayedExecutor(OLD_LIMIT.toMillis() + 1_500, TimeUnit.MILLISECONDS));
            consumer.start();
            resumed.get();
            topics.publish(0, 1);
            Await.until("handled", () -> handled.equals(List.of(1)));
        }
    }

    @Test
    void aBrokerThatIsTooSlowIsToldWithTheTimeout() {
        topics.withDeadLetters();
        kafka.proxy().blackHole();
        try (ResilientConsumer consumer = handling(topics.consumer())
                .connectTimeout(Duration.ofMillis(1_500))
                .build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOfSatisfying(
                            ConsumerStartException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("no Kafka broker answers at " + kafka.bootstrapServers()
                            + " within 1.5 s (connectTimeout)");
        } finally {
            answers();
        }
    }

    @Test
    void aRefusedConnectionIsToldBeforeThatTimeIsOver() {
        try (ResilientConsumer consumer = handling(topics.consumer())
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .connectTimeout(Duration.ofMinutes(5))
                .build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("no Kafka broker answers at 127.0.0.1:1: connections are refused");
        }
    }

    @Test
    void aConsumerThatStartsBeforeItsBrokerWaitsAndThenChecksAndCreatesItsTopics() throws Exception {
        topics.publish(0, 7);
        topics.send(0, "k", "", "poison");
        topics.producer.flush();
        goesAway();
        List<String> outages = new CopyOnWriteArrayList<>();
        try (ResilientConsumer consumer = handling(topics.consumer())
                .startWithoutBroker()
                .deadLetterTopics(DeadLetterTopics.CREATE)
                .listener(new ConsumerListener() {
                    @Override
                    public void outageBegan(Outage outage) {
                        outages.add("began " + outage.what());
                    }

                    @Override
                    public void outageEnded(Outage outage) {
                        outages.add("ended " + outage.what());
                    }
                })
                .build()) {
            consumer.start();
            ConsumerHealth waiting = Await.until(
                    "an outage", consumer::health, health -> !health.outages().isEmpty());
            assertThat(waiting.state()).isEqualTo(ConsumerState.STARTING);
            assertThat(waiting.outages()).singleElement().satisfies(outage -> {
                assertThat(outage.what()).isEqualTo("Kafka at " + kafka.bootstrapServers());
                assertThat(outage.cause()).contains("connections are refused");
            });

            answers();

            Await.until("handled", () -> handled.equals(List.of(7)));
            Await.until("committed", topics::lag, lag -> lag == 0);
            assertThat(topics.read(topics.deadLetters())).hasSize(1);
            Await.until(
                    "no outage",
                    consumer::health,
                    health -> health.outages().isEmpty() && health.state() == ConsumerState.RUNNING);
            assertThat(outages)
                    .startsWith(
                            "began Kafka at " + kafka.bootstrapServers(), "ended Kafka at " + kafka.bootstrapServers());
        }
    }

    @Test
    void whatIsWrongWithItsTopicsStopsItWhenTheBrokerIsThere() {
        goesAway();
        try (ResilientConsumer consumer =
                handling(topics.consumer()).startWithoutBroker().build()) {
            consumer.start();
            Await.until("an outage", () -> !consumer.health().outages().isEmpty());
            answers();
            ConsumerHealth stopped =
                    Await.until("a stop", consumer::health, health -> health.state() == ConsumerState.STOPPED);
            assertThat(stopped.cause())
                    .hasValueSatisfying(cause -> assertThat(cause)
                            .isInstanceOf(ConsumerStartException.class)
                            .hasMessageContaining("dead letter topic " + topics.deadLetters() + " does not exist"));
        }
    }

    @Test
    void itClosesInGoodOrderWhileItWaits() {
        kafka.proxy().blackHole();
        try {
            ResilientConsumer consumer = handling(topics.consumer())
                    .startWithoutBroker()
                    .connectTimeout(Duration.ofMinutes(5))
                    .build();
            consumer.start();
            CloseReport report = consumer.close(Duration.ofSeconds(30));
            assertThat(report.drained()).isTrue();
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.CLOSED);
        } finally {
            answers();
        }
    }

    @Test
    @Tag("campaign")
    void aHostThatDnsDoesNotKnowYetIsWaitedForToo(@TempDir Path folder) throws Exception {
        topics.withDeadLetters().publish(0, 3);
        topics.producer.flush();
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
        String port = kafka.bootstrapServers().replaceAll(".*:", "");
        try (ChildJvm child = ChildJvm.of(StartBeforeDnsMain.class)
                .jvmOption("-Djdk.net.hosts.file=" + hosts)
                .jvmOption("-Dsun.net.inetaddr.negative.ttl=0")
                .start("kafka.cdp.test:" + port, topics.topic)) {
            assertThat(child.awaitOutput("waits for ")).contains("Kafka at kafka.cdp.test:" + port);
            Files.writeString(hosts, "127.0.0.1 localhost\n127.0.0.1 kafka.cdp.test\n");
            assertThat(child.awaitOutput("handled ")).isEqualTo("handled 3");
        }
    }

    private static void goesAway() {
        kafka.proxy().refuseConnections();
        kafka.proxy().resetConnections();
    }

    /** What was sent meanwhile is lost, so its connections end too. */
    private static void answers() {
        kafka.proxy().resetConnections();
        kafka.proxy().heal();
    }

    private ConsumerBuilder handling(ConsumerBuilder builder) {
        return builder.handle(
                Topics.PageViewed.class,
                (event, delivery) -> handled.add(event.payload().ordinal()));
    }
}
