package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** All or nothing, as a consumer that reads committed records sees it. */
final class TransactionTest {

    private static final Duration PATIENCE = Await.LIMIT;

    private static EmbeddedKafka kafka;
    private static int tests;

    private final String run = "run" + tests++ + "-";
    private CdpProducer producer;
    private EventPublisher<Shop.OrderPlaced> orders;
    private EventPublisher<byte[]> pages;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().proxied().start();
        kafka.createTopic("shop.order_placed", 3);
        kafka.createTopic("shop.page_seen", 1);
        kafka.createTopic("dlq.shop.order_placed", 1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void connect() {
        producer = connect("a");
        orders = producer.publisher(Shop.OrderPlaced.class);
        pages = producer.jsonPublisher("page_seen");
    }

    @AfterEach
    void heal() {
        kafka.proxy().heal();
        producer.close();
    }

    @Test
    void its_events_are_visible_together_and_only_after_the_commit() {
        List<Published> published = producer.transaction(tx -> {
            tx.publish(orders, Shop.order("o-1"), id("1"));
            tx.publish(pages, page(), id("2"));
            tx.publish(orders, Shop.order("o-2"), id("3"));
            awaitWritten(tx);
            assertThat(visible()).isEmpty();
        });

        assertThat(published).extracting(Published::eventId).containsExactly(run + "1", run + "2", run + "3");
        assertThat(published).extracting(Published::topic).contains("shop.order_placed", "shop.page_seen");
        assertThat(visible()).containsExactlyInAnyOrder(run + "1", run + "2", run + "3");
        assertThat(producer.close(PATIENCE)).isEqualTo(new CloseReport(3, 0, 0, 0, 0));
    }

    @Test
    void it_is_used_as_documented() {
        Shop.OrderPlaced order = Shop.order("o-1");
        byte[] page = page();

        // README: transaction
        List<Published> published = producer.transaction(tx -> {
            tx.publish(orders, order);
            tx.publish(pages, page); // what throws in here, or is invalid, aborts all of it
        });
        // README: end

        assertThat(published).hasSize(2);
    }

    @Test
    void an_exception_in_the_body_aborts_and_is_thrown_on() {
        assertThatThrownBy(() -> producer.transaction(tx -> {
                    tx.publish(orders, Shop.order("o-1"), id("1"));
                    awaitWritten(tx);
                    throw new IllegalArgumentException("no stock");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no stock");

        producer.transaction(tx -> tx.publish(orders, Shop.order("o-2"), id("2")));
        assertThat(visible()).containsExactly(run + "2");
        assertThat(producer.close(PATIENCE)).isEqualTo(new CloseReport(1, 0, 1, 0, 0));
    }

    @Test
    void an_invalid_event_aborts_even_if_the_body_goes_on_and_leaves_no_dead_letter() {
        try (CdpProducer quarantining =
                builder("q").onInvalid("order_placed", OnInvalid.QUARANTINE).connect()) {
            EventPublisher<Shop.OrderPlaced> typed = quarantining.publisher(Shop.OrderPlaced.class);

            assertThatThrownBy(() -> quarantining.transaction(tx -> {
                        tx.publish(typed, Shop.order("o-1"), id("1"));
                        try {
                            tx.publish(typed, new Shop.OrderPlaced("", Instant.now(), -1, null, null), id("2"));
                        } catch (InvalidEventException caught) {
                            tx.publish(typed, Shop.order("o-3"), id("3"));
                        }
                    }))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("/amount_cents");

            assertThat(quarantining.close(PATIENCE)).isEqualTo(new CloseReport(0, 1, 2, 0, 0));
        }
        assertThat(visible()).isEmpty();
        assertThat(Shop.records(kafka, "dlq.shop.order_placed")).isEmpty();
    }

    @Test
    void a_producer_whose_twin_took_over_before_it_published_has_failed_and_stays_fenced() {
        try (CdpProducer twin = connect("a")) {
            EventPublisher<byte[]> twins = twin.jsonPublisher("page_seen");

            PublishFailedException failed = catchThrowableOfType(
                    PublishFailedException.class,
                    () -> producer.transaction(tx -> {
                        twin.transaction(other -> other.publish(twins, page(), id("twin")));
                        tx.publish(pages, page(), id("fenced"));
                    }));

            assertThat(failed.retryable()).isFalse();
            assertThatThrownBy(() -> producer.transaction(tx -> tx.publish(pages, page(), id("again"))))
                    .isInstanceOf(PublishFailedException.class)
                    .hasMessageContaining("taken over transactional id " + run + "a");
            twin.transaction(other -> other.publish(twins, page(), id("twin-2")));
        }
        assertThat(visible()).containsExactlyInAnyOrder(run + "twin", run + "twin-2");
    }

    @Test
    void a_producer_that_is_fenced_at_its_commit_does_not_call_it_failed() {
        try (CdpProducer twin = connect("a")) {
            EventPublisher<byte[]> twins = twin.jsonPublisher("page_seen");

            TransactionUncertainException uncertain = catchThrowableOfType(
                    TransactionUncertainException.class,
                    () -> producer.transaction(tx -> {
                        tx.publish(pages, page(), id("fenced"));
                        awaitWritten(tx);
                        twin.transaction(other -> other.publish(twins, page(), id("twin")));
                    }));

            assertThat(uncertain.eventIds()).containsExactly(run + "fenced");
            assertThatThrownBy(() -> producer.transaction(tx -> {})).hasMessageContaining("taken over");
        }
        assertThat(visible()).containsExactly(run + "twin");
        assertThat(producer.close(PATIENCE)).isEqualTo(new CloseReport(0, 0, 0, 1, 0));
    }

    @Test
    void a_commit_whose_answer_is_lost_is_uncertain_and_the_next_transaction_has_a_new_producer() {
        producer.transaction(tx -> tx.publish(pages, page(), id("0")));

        TransactionUncertainException uncertain = catchThrowableOfType(
                TransactionUncertainException.class,
                () -> producer.transaction(tx -> {
                    tx.publish(pages, page(), id("1"));
                    tx.publish(orders, Shop.order("o-1"), id("2"));
                    awaitWritten(tx);
                    kafka.proxy().dropResponses();
                }));

        assertThat(uncertain.retryable()).isFalse();
        assertThat(uncertain.eventIds()).containsExactly(run + "1", run + "2");
        kafka.proxy().heal();
        producer.transaction(tx -> tx.publish(pages, page(), id("3")));
        assertThat(visible())
                .as("the commit had arrived")
                .containsExactlyInAnyOrder(run + "0", run + "1", run + "2", run + "3");
        assertThat(producer.close(PATIENCE)).isEqualTo(new CloseReport(2, 0, 0, 2, 0));
    }

    @Test
    void a_commit_that_never_arrives_is_uncertain_too_and_is_aborted_by_the_next_producer() {
        producer.transaction(tx -> tx.publish(pages, page(), id("0")));

        assertThatThrownBy(() -> producer.transaction(tx -> {
                    tx.publish(pages, page(), id("1"));
                    awaitWritten(tx);
                    kafka.proxy().blackHole();
                }))
                .isInstanceOf(TransactionUncertainException.class);
        kafka.proxy().resetConnections();
        kafka.proxy().heal();

        producer.transaction(tx -> tx.publish(pages, page(), id("2")));
        assertThat(visible()).containsExactlyInAnyOrder(run + "0", run + "2");
    }

    @Test
    void events_that_get_no_answer_abort_their_transaction_and_never_become_visible() {
        producer.transaction(tx -> tx.publish(pages, page(), id("0")));

        PublishFailedException failed = catchThrowableOfType(
                PublishFailedException.class,
                () -> producer.transaction(tx -> {
                    kafka.proxy().dropResponses();
                    tx.publish(pages, page(), id("1"));
                }));

        assertThat(failed.retryable()).isTrue();
        kafka.proxy().heal();
        producer.transaction(tx -> tx.publish(pages, page(), id("2")));
        assertThat(visible()).containsExactlyInAnyOrder(run + "0", run + "2");
        assertThat(producer.close(PATIENCE)).isEqualTo(new CloseReport(2, 0, 1, 0, 0));
    }

    @Test
    void closing_leaves_an_open_transaction_behind_and_counts_its_events() throws Exception {
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<List<Published>> outcome = CompletableFuture.supplyAsync(() -> producer.transaction(tx -> {
            tx.publish(pages, page(), id("1"));
            awaitWritten(tx);
            published.countDown();
            await(closed);
        }));
        await(published);

        CloseReport report = producer.close(Duration.ofMillis(100));
        closed.countDown();

        assertThat(report).isEqualTo(new CloseReport(0, 0, 0, 0, 1));
        assertThat(outcome).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(PublishFailedException.class);
        assertThat(visible()).isEmpty();
    }

    @Test
    void what_cannot_work_is_said() {
        assertThatThrownBy(() -> producer.transaction(tx -> producer.transaction(inner -> {})))
                .isInstanceOf(IllegalStateException.class);
        List<Transaction> kept = new ArrayList<>();
        producer.transaction(kept::add);
        assertThatThrownBy(() -> kept.get(0).publish(pages, page())).isInstanceOf(IllegalStateException.class);
        try (CdpProducer without = CdpProducer.connect(Shop.CATALOG, kafka.properties())) {
            assertThatThrownBy(() -> without.transaction(tx -> {}))
                    .isInstanceOf(InvalidOptionException.class)
                    .hasMessageContaining("transactionalId");
        }
    }

    private CdpProducer connect(String transactionalId) {
        return builder(transactionalId).connect();
    }

    private ProducerBuilder builder(String transactionalId) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.putAll(Map.of(
                "linger.ms", 0,
                "request.timeout.ms", 500,
                "delivery.timeout.ms", 2_000,
                "transaction.timeout.ms", 60_000));
        return CdpProducer.builder(Shop.CATALOG).kafka(properties).transactionalId(run + transactionalId);
    }

    private static void awaitWritten(Transaction transaction) {
        try {
            assertThat(transaction.awaitAnswers(Patience.of(PATIENCE))).isNull();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private PublishOptions id(String id) {
        return PublishOptions.builder().id(run + id).build();
    }

    private static byte[] page() {
        return "{\"page\":\"home\"}".getBytes(StandardCharsets.UTF_8);
    }

    private List<String> visible() {
        List<String> ids = new ArrayList<>();
        for (String topic : List.of("shop.order_placed", "shop.page_seen")) {
            Shop.records(kafka, topic).stream()
                    .map(r -> new String(r.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                    .filter(id -> id.startsWith(run))
                    .forEach(ids::add);
        }
        return ids;
    }
}
