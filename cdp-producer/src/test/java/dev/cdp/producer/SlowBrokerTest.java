package dev.cdp.producer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Connects to a broker that is slow to answer. */
final class SlowBrokerTest {

    /** What connecting waited for once. */
    private static final Duration OLD_LIMIT = Duration.ofSeconds(5);

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().childProcess().start();
        kafka.createTopic("shop.cart_opened", 1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void a_broker_that_is_slow_to_answer_is_waited_for() throws Exception {
        kafka.pause();
        CompletableFuture<Void> resumed = CompletableFuture.runAsync(
                kafka::resume, CompletableFuture.delayedExecutor(OLD_LIMIT.toMillis() + 1_500, TimeUnit.MILLISECONDS));
        try (CdpProducer producer = CdpProducer.connect(Shop.CATALOG, kafka.properties())) {
            resumed.get();
            Published published = producer.publisher(Shop.CartOpened.class)
                    .publish(new Shop.CartOpened("c"))
                    .get(90, TimeUnit.SECONDS);
            assertThat(published.topic()).isEqualTo("shop.cart_opened");
        }
    }

    @Test
    void one_that_is_too_slow_is_told_with_the_timeout() {
        kafka.pause();
        try {
            assertThatThrownBy(() -> CdpProducer.builder(Shop.CATALOG)
                            .kafka(kafka.properties())
                            .connectTimeout(Duration.ofMillis(1_500))
                            .connect())
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("no Kafka broker answers at " + kafka.bootstrapServers()
                            + " within 1.5 s (connectTimeout)");
        } finally {
            kafka.resume();
        }
    }

    @Test
    void a_host_that_dns_does_not_know_may_come_later() {
        assertThatThrownBy(() ->
                        CdpProducer.connect(Shop.CATALOG, Map.of("bootstrap.servers", "no-such-host.invalid:9092")))
                .isInstanceOfSatisfying(
                        BrokerUnavailableException.class,
                        e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("no host of bootstrap.servers no-such-host.invalid:9092 is known to DNS");
    }
}
