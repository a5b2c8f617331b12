package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.event.EventType;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import dev.cdp.core.wire.RecordReader;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class PublishTest {

    private static EmbeddedKafka kafka;

    private CdpProducer producer;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder()
                .property("auto.create.topics.enable", "false")
                .start();
        kafka.createTopic("shop.order_placed", 3);
        kafka.createTopic("shop.page_seen", 1);
        kafka.createTopic("shop.cart_opened", 1);
        kafka.createTopic("dlq.shop.order_placed", 1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void connect() {
        producer = CdpProducer.connect(Shop.CATALOG, kafka.properties());
    }

    @AfterEach
    void close() {
        producer.close();
    }

    @Test
    void an_event_is_written_as_cloud_events_in_binary_mode() throws Exception {
        EventPublisher<Shop.OrderPlaced> orders = producer.publisher(Shop.OrderPlaced.class);
        Instant placedAt = Instant.now().minusSeconds(90).truncatedTo(ChronoUnit.MILLIS);

        Published published = await(orders.publish(
                new Shop.OrderPlaced("o-1", placedAt, 1_999, null, new Shop.Buyer("b-7", "DE")),
                PublishOptions.builder()
                        .id("id-1")
                        .traceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                        .header("tenant", "eu")
                        .build()));

        assertThat(published.topic()).isEqualTo("shop.order_placed");
        assertThat(published.eventId()).isEqualTo("id-1");
        assertThat(published.time()).isEqualTo(placedAt);
        ConsumerRecord<byte[], byte[]> record = record(published);
        assertThat(text(record.key())).isEqualTo("o-1");
        assertThat(text(record.value()))
                .isEqualTo("{\"order_id\":\"o-1\",\"placed_at\":\"" + placedAt
                        + "\",\"amount_cents\":1999,\"buyer\":{\"id\":\"b-7\",\"country\":\"DE\"}}");
        assertThat(headers(record))
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "id-1")
                .containsEntry("ce_type", "order_placed")
                .containsEntry("ce_source", "//shop.example")
                .containsEntry("ce_time", placedAt.toString())
                .containsEntry("ce_subject", "order:o-1")
                .containsEntry("ce_dataschema", "//shop.example/order_placed/2")
                .containsEntry("content-type", "application/json")
                .containsEntry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .containsEntry("tenant", "eu");
    }

    @Test
    void what_is_written_reads_as_the_same_event() throws Exception {
        Published published = await(producer.publisher(Shop.OrderPlaced.class).publish(Shop.order("o-2")));

        assertThat(read(record(published))).isInstanceOfSatisfying(Reading.Known.class, known -> {
            assertThat(known.attributes().id()).isEqualTo(published.eventId());
            assertThat(known.attributes().time()).isEqualTo(published.time());
            assertThat(known.version()).isEqualTo(2);
        });
    }

    @Test
    void an_invalid_event_is_rejected_with_the_report_and_never_sent() {
        EventPublisher<Shop.OrderPlaced> orders = producer.publisher(Shop.OrderPlaced.class);
        long before = count("shop.order_placed");

        CompletableFuture<Published> future = orders.publish(new Shop.OrderPlaced("", Instant.now(), -1, null, null));

        InvalidEventException rejected = failure(future, InvalidEventException.class);
        assertThat(rejected.report().violations())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("/order_id", "/amount_cents");
        assertThat(rejected.retryable()).isFalse();
        assertThat(rejected).hasMessageContaining("order_placed was rejected").hasMessageContaining("/amount_cents");
        assertThat(count("shop.order_placed")).isEqualTo(before);
    }

    @Test
    void an_event_that_its_table_would_drop_is_rejected() {
        EventPublisher<Shop.OrderPlaced> orders = producer.publisher(Shop.OrderPlaced.class);
        Instant old = Instant.now().minus(31, ChronoUnit.DAYS);

        InvalidEventException rejected =
                failure(orders.publish(new Shop.OrderPlaced("o-3", old, 1, null, null)), InvalidEventException.class);

        assertThat(rejected.report().violations())
                .extracting(Violation::keyword)
                .containsExactly(Violation.COLUMN);
    }

    @Test
    void in_mode_warn_and_observe_an_invalid_event_is_sent() throws Exception {
        Published warned = await(producer.publisher(Shop.PageSeen.class).publish(new Shop.PageSeen("x".repeat(21))));
        Published observed = await(producer.publisher(Shop.CartOpened.class).publish(new Shop.CartOpened(null)));

        assertThat(text(record(observed).value())).isEqualTo("{}");
        assertThat(text(record(warned).value())).contains("xxx");
    }

    @Test
    void an_event_in_quarantine_is_rejected_and_kept_as_a_dead_letter() throws Exception {
        try (CdpProducer quarantining = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .onInvalid("order_placed", OnInvalid.QUARANTINE)
                .connect()) {
            long before = count("shop.order_placed");

            InvalidEventException rejected = failure(
                    quarantining
                            .publisher(Shop.OrderPlaced.class)
                            .publish(
                                    new Shop.OrderPlaced("o-9", Instant.now(), -1, null, null),
                                    PublishOptions.builder()
                                            .traceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                                            .build()),
                    InvalidEventException.class);

            Published letter = rejected.deadLetter().orElseThrow();
            assertThat(letter.topic()).isEqualTo("dlq.shop.order_placed");
            assertThat(count("shop.order_placed")).isEqualTo(before);
            assertThat(text(record(letter).key())).isEqualTo("o-9");
            assertThat(text(record(letter).value())).contains("\"amount_cents\":-1");
            assertThat(headers(record(letter)))
                    .containsEntry("ce_type", "order_placed")
                    .containsEntry("ce_id", letter.eventId())
                    .containsEntry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                    .containsEntry("cdp.dlq.reason", "INVALID")
                    .containsEntry("cdp.dlq.event", "order_placed")
                    .containsEntry("__connect.errors.topic", "shop.order_placed")
                    .containsEntry("__connect.errors.connector.name", "producer")
                    .containsEntry("cdp.dlq.catalog-version", Shop.CATALOG.hash())
                    .containsEntry("cdp.dlq.fingerprint", rejected.report().fingerprint());
            assertThat(headers(record(letter)).get("cdp.dlq.violations")).contains("/amount_cents");
            assertThat(quarantining.close(Await.LIMIT)).isEqualTo(new CloseReport(0, 1, 0, 0, 0));
        }
    }

    @Test
    void a_tombstone_has_the_key_and_no_value() throws Exception {
        Published published = await(producer.publishTombstone("page_seen", "k-1"));

        assertThat(text(record(published).key())).isEqualTo("k-1");
        assertThat(record(published).value()).isNull();
        assertThat(headers(record(published))).containsEntry("ce_type", "page_seen");
    }

    @Test
    void a_probe_reaches_the_broker_and_reads_as_one() throws Exception {
        Published published = await(producer.probe("shop.order_placed"));

        ConsumerRecord<byte[], byte[]> record = record(published);
        assertThat(text(record.key())).isEqualTo("cdp.probe");
        assertThat(text(record.value())).isEqualTo("{}");
        assertThat(headers(record))
                .containsEntry("ce_type", "cdp.probe")
                .containsEntry("ce_id", published.eventId())
                .containsEntry("ce_source", "//shop.example")
                .doesNotContainKey("ce_dataschema");
        assertThat(read(record)).isInstanceOf(Reading.Probe.class);
        assertThatThrownBy(() -> producer.probe("elsewhere"))
                .isInstanceOf(EventMismatchException.class)
                .hasMessageContaining("'elsewhere' is none")
                .hasMessageContaining("shop.order_placed");
    }

    @Test
    void a_probe_of_every_topic_fails_as_the_one_that_is_missing() {
        PublishFailedException failed =
                failure(producer.probe().thenApply(all -> all.get(0)), PublishFailedException.class);

        assertThat(failed).hasMessageContaining("topic shop.never_created").hasMessageContaining("--create");
        assertThat(producer.close(Await.LIMIT)).isEqualTo(new CloseReport(3, 0, 1, 0, 0));
    }

    @Test
    void micrometer_counts_by_tags_that_are_bounded() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (CdpProducer metered = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .listener(PublishMetrics.in(registry, Shop.CATALOG))
                .connect()) {
            await(metered.publisher(Shop.PageSeen.class).publish(new Shop.PageSeen("home")));
            failure(metered.publishJson("order_placed", new byte[] {'{', '}'}), InvalidEventException.class);
            failure(metered.publishJson("no_such_1", new byte[] {'{', '}'}), InvalidEventException.class);
            failure(metered.publishJson("no_such_2", new byte[] {'{', '}'}), InvalidEventException.class);
        }

        assertThat(registry.get("cdp.publish")
                        .tags("event", "page_seen", "outcome", "acknowledged", "reason", "none")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cdp.publish.rejected")
                        .tags("event", "order_placed", "reason", "INVALID")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cdp.publish.rejected")
                        .tags("event", "unknown", "reason", "UNKNOWN_EVENT")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void a_publisher_that_quarantines_needs_the_dead_letter_topic() {
        try (CdpProducer quarantining = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .onInvalid(OnInvalid.QUARANTINE)
                .connect()) {
            assertThatThrownBy(() -> quarantining.publisher(Shop.PageSeen.class))
                    .isInstanceOf(TopicMissingException.class)
                    .hasMessageContaining("topic dlq.shop.page_seen of event page_seen does not exist");
        }
    }

    @Test
    void listeners_are_told_in_order_and_one_that_throws_breaks_nothing() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (CdpProducer watched = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .listener(new PublishListener() {
                    @Override
                    public void offered(String event) {
                        throw new IllegalStateException("a broken listener");
                    }

                    @Override
                    public void acknowledged(String event, Published published, Duration took) {
                        throw new AssertionError("a broken listener");
                    }
                })
                .listener(new Recording(told))
                .connect()) {
            await(watched.publisher(Shop.PageSeen.class).publish(new Shop.PageSeen("home")));
            await(watched.publisher(Shop.CartOpened.class).publish(new Shop.CartOpened(null)));
            failure(watched.publishJson("order_placed", new byte[] {'{', '}'}), InvalidEventException.class);
        }

        assertThat(told.stream().filter(t -> t.contains("page_seen")))
                .containsExactlyInAnyOrder("offered page_seen", "sent page_seen", "acknowledged page_seen");
        assertThat(told)
                .contains("tolerated cart_opened", "acknowledged cart_opened")
                .containsSubsequence("offered order_placed", "rejected order_placed")
                .doesNotContain("sent order_placed");
    }

    @Test
    void the_key_and_the_time_that_the_caller_says_are_taken() throws Exception {
        Instant time = Instant.parse("2026-01-02T03:04:05Z");

        Published published = await(producer.publisher(Shop.PageSeen.class)
                .publish(
                        new Shop.PageSeen("home"),
                        PublishOptions.builder().key("k").time(time).build()));

        assertThat(published.time()).isEqualTo(time);
        assertThat(text(record(published).key())).isEqualTo("k");
        assertThat(headers(record(published)))
                .containsEntry("ce_time", time.toString())
                .doesNotContainKey("ce_subject");
    }

    @Test
    void an_event_that_says_no_time_happened_now() throws Exception {
        Instant now = Instant.parse("2026-05-06T07:08:09.123Z");
        try (CdpProducer fixed = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .clock(InstantSource.fixed(now))
                .connect()) {
            Published published = await(fixed.publisher(Shop.PageSeen.class).publish(new Shop.PageSeen("home")));

            assertThat(published.time()).isEqualTo(now);
            assertThat(record(published).timestamp()).isEqualTo(now.toEpochMilli());
            assertThat(record(published).key()).isNull();
        }
    }

    @Test
    void json_is_validated_and_sent_byte_for_byte() throws Exception {
        byte[] json = "{ \"page\" :\"home\" }".getBytes(StandardCharsets.UTF_8);

        Published published = await(producer.publishJson("page_seen", json));

        assertThat(record(published).value()).isEqualTo(json);
    }

    @Test
    void the_message_of_the_incident_is_rejected_at_the_source() {
        InvalidEventException rejected = failure(
                producer.publishJson("order_placed", "{\"test\":\"connection_test\"}".getBytes(StandardCharsets.UTF_8)),
                InvalidEventException.class);

        assertThat(rejected.report().violations()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(rejected).message().doesNotContain("connection_test");
    }

    @Test
    void json_of_an_unknown_event_is_rejected_with_the_nearest_name() {
        InvalidEventException rejected =
                failure(producer.publishJson("page_sen", new byte[] {'{', '}'}), InvalidEventException.class);

        assertThat(rejected).hasMessageContaining("did you mean 'page_seen'?");
    }

    @Test
    void a_class_whose_event_is_unknown_is_refused_with_the_nearest_name() {
        record OrderPlace(String orderId) {}

        assertThatThrownBy(() -> producer.publisher(OrderPlace.class))
                .isInstanceOf(EventMismatchException.class)
                .hasMessageContaining("no event 'order_place'; did you mean 'order_placed'?");
    }

    @Test
    void a_class_of_which_every_object_would_be_refused_is_refused_at_once() {
        record Buyer(String name, String country) {}
        @EventType("order_placed")
        record Order(String orderId, Instant placedAt, long amount, Buyer buyer) {}

        EventMismatchException refused =
                catchThrowableOfType(EventMismatchException.class, () -> producer.publisher(Order.class));

        assertThat(refused.problems())
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).startsWith("/amount: the schema declares no such property"),
                        p -> assertThat(p).startsWith("/amount_cents: the schema requires it"),
                        p -> assertThat(p).startsWith("/buyer/name: the schema declares no such property"),
                        p -> assertThat(p).startsWith("/buyer/id: the schema requires it"));
        assertThat(refused).hasMessageContaining("order_placed version 2");
    }

    @Test
    void a_missing_topic_is_named_with_the_command_that_creates_it() {
        assertThatThrownBy(() -> producer.publisher(Shop.NeverCreated.class))
                .isInstanceOf(TopicMissingException.class)
                .hasMessageContaining("topic shop.never_created of event never_created does not exist")
                .hasMessageContaining("--create --topic shop.never_created --partitions 3");
        PublishFailedException failed =
                failure(producer.publishJson("never_created", new byte[] {'{', '}'}), PublishFailedException.class);
        assertThat(failed).hasMessageContaining("shop.never_created");
    }

    @Test
    void a_topic_that_was_missing_is_not_asked_for_with_every_event_but_is_for_a_new_publisher() throws Exception {
        producer.close();
        try (EmbeddedKafka empty = EmbeddedKafka.builder()
                        .property("auto.create.topics.enable", "false")
                        .start();
                CdpProducer early = CdpProducer.connect(Shop.CATALOG, empty.properties())) {
            byte[] page = "{\"page\":\"home\"}".getBytes(StandardCharsets.UTF_8);
            PublishFailedException first = failure(early.publishJson("page_seen", page), PublishFailedException.class);
            empty.createTopic("shop.page_seen", 1);

            PublishFailedException second = failure(early.publishJson("page_seen", page), PublishFailedException.class);
            EventPublisher<byte[]> made = early.jsonPublisher("page_seen");

            assertThat(second).as("the answer given again").hasCause(first.getCause());
            assertThat(second.retryable()).isTrue();
            await(made.publish(page));
            await(early.publishJson("page_seen", page));
        }
    }

    @Test
    void the_trace_of_the_publishing_thread_goes_along_unless_the_caller_says_another() throws Exception {
        String here = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String other = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-00";
        ThreadLocal<String> current = new ThreadLocal<>();
        try (CdpProducer traced = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .interceptor(TraceContext.from(current::get))
                .connect()) {
            EventPublisher<Shop.PageSeen> pages = traced.publisher(Shop.PageSeen.class);
            Shop.PageSeen page = new Shop.PageSeen("home");

            Published without = await(pages.publish(page));
            current.set(here);
            Published with = await(pages.publish(page));
            Published said = await(pages.publish(
                    page, PublishOptions.builder().traceParent(other).build()));
            current.set("no trace");
            Published malformed = await(pages.publish(page));

            assertThat(headers(record(with))).containsEntry("traceparent", here);
            assertThat(headers(record(said))).containsEntry("traceparent", other);
            assertThat(headers(record(without))).doesNotContainKey("traceparent");
            assertThat(headers(record(malformed))).doesNotContainKey("traceparent");
            assertThat(with.attributes())
                    .containsEntry("messaging.system", "kafka")
                    .containsEntry("messaging.operation.name", "send")
                    .containsEntry("messaging.destination.name", "shop.page_seen")
                    .containsEntry("messaging.destination.partition.id", "0")
                    .containsEntry("messaging.kafka.offset", Long.toString(with.offset()))
                    .containsEntry("messaging.message.id", with.eventId());
        }
    }

    @Test
    void a_jvm_that_exits_without_a_close_sends_what_it_holds_if_it_was_asked_to() {
        long before = count("shop.page_seen");
        try (ChildJvm exiting = ChildJvm.of(ExitMain.class).start(kafka.bootstrapServers())) {
            exiting.awaitExit(3);
        }

        assertThat(count("shop.page_seen")).isEqualTo(before + 10);
    }

    /** Publishes what would wait for minutes to fill a batch, and exits. */
    static final class ExitMain {

        private ExitMain() {}

        public static void main(String[] args) {
            CdpProducer producer = CdpProducer.builder(Shop.CATALOG)
                    .kafka(Map.of("bootstrap.servers", args[0], "linger.ms", 110_000))
                    .maxBlock(Duration.ofMinutes(1)) // the first event may wait for a busy machine
                    .closeAtExit(Duration.ofSeconds(30))
                    .connect();
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            for (int i = 0; i < 10; i++) {
                var unused = pages.publish(new Shop.PageSeen("p" + i));
            }
            System.exit(3);
        }
    }

    @Test
    void connecting_where_no_broker_is_says_so_before_the_time_for_a_slow_one_is_over() {
        assertThatThrownBy(() -> CdpProducer.builder(Shop.CATALOG)
                        .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                        .connectTimeout(Duration.ofMinutes(5))
                        .connect())
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("no Kafka broker answers at 127.0.0.1:1: connections are refused");
    }

    @Test
    void what_would_break_a_guarantee_is_refused_by_name() {
        for (Map<String, Object> broken : List.<Map<String, Object>>of(
                Map.of("acks", "1"),
                Map.of("enable.idempotence", false),
                Map.of("value.serializer", "x"),
                Map.of("transactional.id", "t"),
                Map.of("max.in.flight.requests.per.connection", 6),
                Map.of("partitioner.ignore.keys", "true"))) {
            assertThatThrownBy(() -> CdpProducer.builder(Shop.CATALOG)
                            .kafka(kafka.properties())
                            .kafka(broken)
                            .connect())
                    .isInstanceOf(InvalidOptionException.class)
                    .hasMessageContaining(broken.keySet().iterator().next());
        }
    }

    @Test
    void a_record_larger_than_a_request_has_failed() {
        PublishFailedException failed = failure(
                producer.publishJson(
                        "cart_opened",
                        ("{\"cart\":\"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8)),
                PublishFailedException.class);

        assertThat(failed).hasMessageContaining("RecordTooLargeException");
        assertThat(failed.retryable()).isFalse();
    }

    @Test
    void an_interceptor_may_add_headers_and_what_it_throws_reaches_the_future() throws Exception {
        try (CdpProducer intercepted = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .interceptor(out -> out.withOptions(
                        out.options().toBuilder().header("tenant", "eu").build()))
                .interceptor(out -> {
                    if (out.payload() instanceof Shop.PageSeen page
                            && page.page().equals("secret")) {
                        throw new IllegalStateException("not this one");
                    }
                    return out;
                })
                .connect()) {
            EventPublisher<Shop.PageSeen> pages = intercepted.publisher(Shop.PageSeen.class);

            assertThat(headers(record(await(pages.publish(new Shop.PageSeen("home"))))))
                    .containsEntry("tenant", "eu");
            assertThat(failure(pages.publish(new Shop.PageSeen("secret")), PublishFailedException.class))
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closing_drains_and_reports_what_became_of_every_event() throws Exception {
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        EventPublisher<Shop.OrderPlaced> orders = producer.publisher(Shop.OrderPlaced.class);
        List<CompletableFuture<Published>> futures = java.util.stream.IntStream.range(0, 500)
                .mapToObj(i -> pages.publish(new Shop.PageSeen("p" + i)))
                .toList();
        CompletableFuture<Published> rejected = orders.publish(new Shop.OrderPlaced("", Instant.now(), 1, null, null));

        CloseReport report = producer.close(Await.LIMIT);

        assertThat(report).isEqualTo(new CloseReport(500, 1, 0, 0, 0));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(rejected).isCompletedExceptionally();
        assertThat(producer.close(Duration.ZERO)).isEqualTo(report);
        assertThatThrownBy(() -> pages.publish(new Shop.PageSeen("late"))).isInstanceOf(ProducerClosedException.class);
    }

    @Test
    void closing_in_an_interrupted_thread_accounts_for_every_event() {
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        List<CompletableFuture<Published>> futures = java.util.stream.IntStream.range(0, 3_000)
                .mapToObj(i -> pages.publish(new Shop.PageSeen("p" + i)))
                .toList();

        Thread.currentThread().interrupt();
        CloseReport report = producer.close(Await.LIMIT);

        assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
        assertThat(report.offered()).isEqualTo(3_000);
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void the_very_first_event_need_not_wait_to_be_tried() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (CdpProducer fresh = CdpProducer.connect(Shop.CATALOG, kafka.properties())) {
                await(fresh.publisher(Shop.PageSeen.class).tryPublish(new Shop.PageSeen("home")));
            }
        }
    }

    @Test
    void flush_is_a_barrier_for_every_future_before_it() {
        try (CdpProducer slow = CdpProducer.connect(
                Shop.CATALOG, Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 60_000))) {
            EventPublisher<Shop.PageSeen> pages = slow.publisher(Shop.PageSeen.class);
            List<CompletableFuture<Published>> futures = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> pages.publish(new Shop.PageSeen("p" + i)))
                    .toList();

            slow.flush();

            assertThat(futures)
                    .allMatch(CompletableFuture::isDone)
                    .noneMatch(CompletableFuture::isCompletedExceptionally);
        }
    }

    @Test
    void futures_complete_on_a_thread_that_is_not_kafkas() throws Exception {
        CompletableFuture<String> thread = producer.publisher(Shop.PageSeen.class)
                .publish(new Shop.PageSeen("home"))
                .thenApply(p -> Thread.currentThread().getName());

        assertThat(thread.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .doesNotContain("kafka-producer-network-thread");
    }

    private record Recording(List<String> told) implements PublishListener {

        @Override
        public void offered(String event) {
            told.add("offered " + event);
        }

        @Override
        public void tolerated(String event, ValidationReport report) {
            told.add("tolerated " + event);
        }

        @Override
        public void sent(String event, long bytes) {
            told.add("sent " + event);
        }

        @Override
        public void rejected(String event, InvalidEventException why) {
            told.add("rejected " + event);
        }

        @Override
        public void acknowledged(String event, Published published, Duration took) {
            told.add("acknowledged " + event);
        }
    }

    private static Published await(CompletableFuture<Published> future) throws Exception {
        return future.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static <E extends Throwable> E failure(CompletableFuture<Published> future, Class<E> type) {
        ExecutionException e = catchThrowableOfType(
                ExecutionException.class, () -> future.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertThat(e).as("the future fails").isNotNull();
        assertThat(e.getCause()).isInstanceOf(type);
        return type.cast(e.getCause());
    }

    private static long count(String topic) {
        return Shop.records(kafka, topic).size();
    }

    private static ConsumerRecord<byte[], byte[]> record(Published published) {
        return Shop.records(kafka, published.topic()).stream()
                .filter(r -> r.partition() == published.partition() && r.offset() == published.offset())
                .findFirst()
                .orElseThrow();
    }

    private static Reading read(ConsumerRecord<byte[], byte[]> record) {
        EventHeaders.Builder headers = EventHeaders.builder();
        record.headers().forEach(h -> headers.add(h.key(), h.value()));
        return new RecordReader(Shop.CATALOG)
                .read(new IncomingRecord(
                        record.topic(),
                        new java.util.UUID(1, 2),
                        record.partition(),
                        record.offset(),
                        Instant.ofEpochMilli(record.timestamp()),
                        headers.build(),
                        record.value()));
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new java.util.HashMap<>();
        record.headers().forEach(h -> headers.put(h.key(), text(h.value())));
        return headers;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
