package dev.cdp.consumer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.consumer.redrive.Audience;
import dev.cdp.consumer.redrive.DeadLetterBrowser;
import dev.cdp.consumer.redrive.Disposition;
import dev.cdp.consumer.redrive.Redrive;
import dev.cdp.consumer.redrive.RedriveBuilder;
import dev.cdp.consumer.redrive.RedriveException;
import dev.cdp.consumer.redrive.RedriveProgress;
import dev.cdp.consumer.redrive.RedriveReport;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class RedriveTest {

    @TempDir
    private Path temp;

    private Topics topics;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 3).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    /** A catalog by which an ordinal may be as large as that. */
    private Catalog catalog(int maximum) {
        return catalog(temp, topics.topic, maximum);
    }

    static Catalog catalog(Path folder, String topic, int maximum) {
        try {
            Path file = Files.writeString(folder.resolve("cdp" + maximum + ".yaml"), """
                    cdp: 1
                    catalog: test
                    source: //test.example
                    defaults: { topic: "%s" }
                    events:
                      page_viewed:
                        key: /page_id
                        schema:
                          type: object
                          required: [page_id, ordinal]
                          properties: { page_id: { type: string }, ordinal: { type: integer, maximum: %d } }
                    """.formatted(topic, maximum));
            return Catalog.load(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ConsumerBuilder consumer(Catalog catalog, String group) {
        return ResilientConsumer.builder(catalog)
                .kafka(topics.properties())
                .group(group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(50));
    }

    /** Reads to the end by a catalog; what it refuses is dead-lettered. */
    private List<Integer> consume(Catalog catalog) {
        Queue<Integer> handled = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer consumer = consumer(catalog, topics.group)
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        return handled.stream().sorted().toList();
    }

    private RedriveBuilder redrive(Catalog catalog) {
        return Redrive.builder(catalog).kafka(topics.properties()).from(topics.deadLetters());
    }

    private List<StoredLetter> waiting() {
        List<StoredLetter> letters = new ArrayList<>();
        try (DeadLetterBrowser browser = DeadLetterBrowser.open(topics.properties(), topics.deadLetters())) {
            browser.read(LetterFilter.all(), letters::add);
        }
        return letters;
    }

    @Test
    void todaysCatalogDecidesAndWhatIsDoneIsNeverTakenAgain() {
        topics.publishAll(30);
        assertThat(consume(catalog(9))).hasSize(10);

        RedriveReport planned = redrive(catalog(19)).build().dryRun();
        assertThat(planned.read()).isEqualTo(20);
        assertThat(planned.rows()).extracting(RedriveReport.Row::count).containsExactly(10L, 10L);
        assertThat(planned.count(Disposition.PUBLISHED)).isEqualTo(10);
        assertThat(planned.rows())
                .filteredOn(row -> row.kind().disposition() == Disposition.STILL_REFUSED)
                .allSatisfy(row -> {
                    assertThat(row.kind().reason()).isEqualTo("INVALID");
                    assertThat(row.kind().event()).isEqualTo("page_viewed");
                    assertThat(row.kind().refusedFor()).isEqualTo("INVALID");
                });
        assertThat(topics.read(topics.topic)).as("a dry run changes nothing").hasSize(30);

        assertThat(redrive(catalog(19)).build().run()).isEqualTo(planned);
        assertThat(consume(catalog(19)))
                .containsExactlyElementsOf(IntStream.range(10, 20).boxed().toList());
        assertThat(waiting()).hasSize(10);

        assertThat(redrive(catalog(19)).build().run().count(Disposition.PUBLISHED))
                .isZero();
        RedriveReport rest = redrive(catalog(29)).build().run();
        assertThat(rest.count(Disposition.PUBLISHED)).isEqualTo(10);
        assertThat(rest.left()).isZero();
        assertThat(consume(catalog(29)))
                .containsExactlyElementsOf(IntStream.range(20, 30).boxed().toList());
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aRecordComesBackWithItsKeyHeadersPartitionAndId() {
        ProducerRecord<byte[], byte[]> original =
                new ProducerRecord<>(topics.topic, 2, 1_234L, bytes("key"), bytes("{\"page_id\":\"p\",\"ordinal\":5}"));
        original.headers().add(CloudEvents.TYPE, bytes("page_viewed"));
        original.headers().add(CloudEvents.TRACE_PARENT, bytes("00-1-2-01"));
        original.headers().add("mine", null);
        original.headers().add("mine", new byte[] {-1});
        send(original);
        String[] seen = new String[2];
        handleOnce(topics.group, (event, delivery) -> {
            seen[0] = event.id() + event.time();
            throw new RejectedEventException("not today");
        });

        assertThat(redrive(catalog(9)).build().run().count(Disposition.PUBLISHED))
                .isEqualTo(1);

        ConsumerRecord<byte[], byte[]> redriven = topics.read(topics.topic).get(1);
        assertThat(redriven.partition()).isEqualTo(2);
        assertThat(redriven.key()).isEqualTo(original.key());
        assertThat(redriven.value()).isEqualTo(original.value());
        assertThat(names(redriven))
                .containsExactly(
                        CloudEvents.TYPE,
                        CloudEvents.TRACE_PARENT,
                        "mine",
                        "mine",
                        CloudEvents.ID,
                        CloudEvents.TIME,
                        DeadLetterHeaders.REDRIVE_COUNT,
                        DeadLetterHeaders.REDRIVE_GROUP);
        handleOnce(topics.group, (event, delivery) -> seen[1] = event.id() + event.time());
        assertThat(seen[1]).as("id and time").isEqualTo(seen[0]);
    }

    private void handleOnce(String group, EventHandler<Topics.PageViewed> handler) {
        try (ResilientConsumer consumer = consumer(catalog(1_000), group)
                .handle(Topics.PageViewed.class, handler)
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
    }

    @Test
    void whatFailsAgainHasItsHeadersReplacedAndEndsInQuarantine() {
        topics.kafka.createTopic(topics.deadLetters() + ".quarantine", 1);
        topics.publishAll(3);
        EventHandler<Topics.PageViewed> never = (event, delivery) -> {
            throw new RejectedEventException("never");
        };
        handleOnce(topics.group, never);
        for (int round = 1; round <= 3; round++) {
            assertThat(redrive(catalog(9)).build().run().count(Disposition.PUBLISHED))
                    .isEqualTo(3);
            handleOnce(topics.group, never);
            String count = Integer.toString(round);
            assertThat(waiting()).hasSize(3).allSatisfy(letter -> {
                assertThat(names(letter.record())).doesNotHaveDuplicates();
                assertThat(letter.text(DeadLetterHeaders.REDRIVE_COUNT)).contains(count);
                assertThat(letter.record().headers().lastHeader(DeadLetterHeaders.REDRIVE_GROUP))
                        .isNull();
            });
        }
        List<ConsumerRecord<byte[], byte[]>> letters = topics.read(topics.deadLetters());
        assertThat(letters).hasSize(12);
        assertThat(letters.stream().map(RedriveTest::names).distinct())
                .as("headers of the first failure, and of every later one")
                .hasSizeLessThanOrEqualTo(2);

        RedriveReport last = redrive(catalog(9)).build().run();
        assertThat(last.count(Disposition.QUARANTINED)).isEqualTo(3);
        assertThat(waiting()).isEmpty();
        assertThat(topics.read(topics.deadLetters() + ".quarantine"))
                .hasSize(3)
                .allSatisfy(letter ->
                        assertThat(new StoredLetter(letter).redriveCount()).isEqualTo(3));
    }

    @Test
    void withoutAQuarantineTopicWhatWasRedrivenTooOftenStays() {
        topics.publishAll(1);
        EventHandler<Topics.PageViewed> never = (event, delivery) -> {
            throw new RejectedEventException("never");
        };
        handleOnce(topics.group, never);
        redrive(catalog(9)).build().run();
        handleOnce(topics.group, never);
        assertThat(redrive(catalog(9)).maxRedrives(1).build().run().count(Disposition.REDRIVEN_TOO_OFTEN))
                .isEqualTo(1);
        assertThat(waiting()).hasSize(1);
    }

    @Test
    void aLetterIsRedrivenForTheGroupThatFailedAndNoOther() {
        topics.publishAll(2);
        Map<String, Queue<Integer>> handled = new TreeMap<>();
        for (String group : List.of("a-" + topics.group, topics.group)) {
            Queue<Integer> seen = handled.computeIfAbsent(group, any -> new ConcurrentLinkedQueue<>());
            handleOnceFrom(group, event -> {
                if (group.equals(topics.group) && event == 1) {
                    throw new RejectedEventException("not here");
                }
                seen.add(event);
            });
        }
        assertThat(redrive(catalog(9)).build().run().count(Disposition.PUBLISHED))
                .isEqualTo(1);
        handled.forEach((group, seen) -> handleOnceFrom(group, seen::add));
        assertThat(handled.get(topics.group)).containsExactlyInAnyOrder(0, 1);
        assertThat(handled.get("a-" + topics.group)).containsExactlyInAnyOrder(0, 1);
    }

    /** Handles until that group's offsets stand at the end. */
    private void handleOnceFrom(String group, java.util.function.IntConsumer handler) {
        try (ResilientConsumer consumer = consumer(catalog(1_000), group)
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handler.accept(event.payload().ordinal()))
                .build()) {
            consumer.start();
            Await.until("nothing left to do for " + group, () -> {
                List<PartitionHealth> partitions = consumer.health().partitions();
                return partitions.size() == 3
                        && partitions.stream()
                                .allMatch(one -> one.lag().isPresent()
                                        && one.lag().getAsLong() == 0
                                        && one.committed().isPresent());
            });
        }
    }

    @Test
    void everyGroupReadsItWhereThatIsAskedFor() {
        topics.publishAll(1);
        handleOnce(topics.group, (event, delivery) -> {
            throw new RejectedEventException("not here");
        });
        redrive(catalog(9)).audience(Audience.EVERY_GROUP).build().run();
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        handleOnceFrom("renamed-" + topics.group, seen::add);
        assertThat(seen).containsExactly(0, 0);
    }

    @Test
    void filtersNarrowAndDifferentOnesTakeNoLetterTwice() {
        topics.publishAll(30);
        topics.send(0, "k", "page_viewed", "{\"page_id\":\"p\"}");
        topics.send(0, "k", "", "no event");
        topics.producer.flush();
        Instant before = Instant.now();
        consume(catalog(9));
        String missing = waiting().stream()
                .filter(letter ->
                        new String(letter.record().value(), StandardCharsets.UTF_8).equals("{\"page_id\":\"p\"}"))
                .findFirst()
                .orElseThrow()
                .fingerprint();

        assertThat(matched(LetterFilter.all())).isEqualTo(22);
        assertThat(matched(LetterFilter.all().reason(DeadLetterReason.UNDECODABLE)))
                .isEqualTo(1);
        assertThat(matched(LetterFilter.all().reason(DeadLetterReason.INVALID))).isEqualTo(21);
        assertThat(matched(LetterFilter.all().fingerprint(missing))).isEqualTo(1);
        assertThat(matched(LetterFilter.all().event("page_viewed"))).isEqualTo(22 - eventless());
        assertThat(matched(LetterFilter.all().failedBefore(before))).isZero();
        assertThat(matched(LetterFilter.all().failedFrom(before))).isEqualTo(22);
        assertThat(matched(LetterFilter.all().offsets(1, 2, 5))).isEqualTo(3);

        LetterFilter three = LetterFilter.all().offsets(1, 2, 5);
        assertThat(redrive(catalog(29)).filter(three).build().run().count(Disposition.PUBLISHED))
                .isEqualTo(3);
        assertThat(redrive(catalog(29))
                        .filter(LetterFilter.all().event("page_viewed"))
                        .build()
                        .run()
                        .count(Disposition.PUBLISHED))
                .isEqualTo(17);
        assertThat(consume(catalog(29)))
                .containsExactlyElementsOf(IntStream.range(10, 30).boxed().toList());
        assertThat(waiting()).hasSize(2);
    }

    private long eventless() {
        return waiting().stream().filter(letter -> letter.event().isEmpty()).count();
    }

    private long matched(LetterFilter filter) {
        return redrive(catalog(29)).filter(filter).build().dryRun().matched();
    }

    @Test
    void aFixUpMendsWhatIsValidatedAndPublished() {
        topics.send(0, "k", "page_viewed", "{\"page_id\":\"p\",\"ordinal\":\"7\"}");
        topics.send(0, "k", "page_viewed", "{\"page_id\":\"p\",\"ordinal\":\"8\"}");
        topics.send(0, "k", "page_viewed", "{\"page_id\":\"p\",\"ordinal\":\"x\"}");
        topics.producer.flush();
        consume(catalog(9));
        RedriveReport report = redrive(catalog(9))
                .fix((letter, original) -> {
                    String text = new String(original.value(), StandardCharsets.UTF_8);
                    if (text.contains("8")) {
                        throw new IllegalStateException("no idea");
                    }
                    return new ProducerRecord<>(
                            original.topic(),
                            original.partition(),
                            null,
                            original.key(),
                            bytes(text.replace("\"7\"", "7")),
                            original.headers());
                })
                .build()
                .run();
        assertThat(report.count(Disposition.PUBLISHED)).isEqualTo(1);
        assertThat(report.count(Disposition.NOT_FIXED)).isEqualTo(1);
        assertThat(report.count(Disposition.STILL_REFUSED)).isEqualTo(1);
        assertThat(consume(catalog(9))).containsExactly(7);
    }

    @Test
    void whatAPointerPointsToIsRedrivenWhileItIsThere() {
        String large = "{\"page_id\":\"" + "p".repeat(100_000) + "\",\"ordinal\":5}";
        topics.send(1, "k", "page_viewed", large);
        topics.producer.flush();
        try (ResilientConsumer consumer = consumer(catalog(1), topics.group)
                .deadLetterBytes(1 << 16)
                .handle(Topics.PageViewed.class, (event, delivery) -> {})
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(waiting()).hasSize(1).allMatch(StoredLetter::pointer);
        assertThat(redrive(catalog(9)).build().run().count(Disposition.PUBLISHED))
                .isEqualTo(1);
        assertThat(topics.read(topics.topic).get(1).value()).isEqualTo(bytes(large));
    }

    @Test
    void whatIsNoLetterOrHasNoTopicStays() {
        send(new ProducerRecord<>(topics.deadLetters(), bytes("k"), bytes("anything")));
        ProducerRecord<byte[], byte[]> gone = new ProducerRecord<>(topics.deadLetters(), bytes("k"), bytes("{}"));
        gone.headers().add(DeadLetterHeaders.TOPIC, bytes("no-such-topic"));
        gone.headers().add(DeadLetterHeaders.REASON, bytes("INVALID"));
        send(gone);
        topics.producer.flush();
        RedriveReport report = redrive(catalog(9)).build().run();
        assertThat(report.count(Disposition.NO_WAY_BACK)).isEqualTo(2);
        assertThat(waiting()).hasSize(2);
    }

    @Test
    void neverFasterThanItsRateAndSaysHowFarItIs() {
        topics.publishAll(30);
        consume(catalog(-1));
        List<RedriveProgress> progress = Collections.synchronizedList(new ArrayList<>());
        long start = System.nanoTime();
        redrive(catalog(30)).rate(30).onProgress(progress::add).build().run();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(29 * 33));
        assertThat(progress.get(progress.size() - 1)).isEqualTo(new RedriveProgress(30, 30, 30, 0, 0));
    }

    @Test
    void aMissingTopicIsNamed() {
        assertThatThrownBy(
                        () -> redrive(catalog(9)).from("no-such-topic").build().run())
                .isInstanceOf(RedriveException.class)
                .hasMessageContaining("there is no topic no-such-topic");
    }

    /**
     * A redrive is halted in the middle of a batch; the next one publishes what is left. What is published twice can
     * only be what had no commit yet.
     */
    @Test
    void aRedriveThatIsKilledGoesOnWhereItStopped() {
        topics.publishAll(450);
        consume(catalog(-1));
        assertThat(waiting()).hasSize(450);
        try (ChildJvm child =
                ChildJvm.of(Halting.class).start(topics.kafka.bootstrapServers(), topics.topic, temp.toString())) {
            child.awaitReady().awaitExit(Halting.CODE);
        }
        int left = waiting().size();
        assertThat(left).as("left when it was halted").isBetween(1, 449);

        RedriveReport report = redrive(catalog(500))
                .kafka(Halting.properties(topics.kafka.bootstrapServers()))
                .build()
                .run();

        assertThat(report.count(Disposition.PUBLISHED)).as("what had no commit").isEqualTo(left);
        assertThat(waiting()).isEmpty();
        Map<Integer, Integer> published = new HashMap<>();
        topics.read(topics.topic).stream()
                .filter(record -> record.headers().lastHeader(DeadLetterHeaders.REDRIVE_COUNT) != null)
                .forEach(record -> published.merge(IncidentTest.ordinal(record.value()), 1, Integer::sum));
        assertThat(published.keySet()).isEqualTo(IntStream.range(0, 450).boxed().collect(Collectors.toSet()));
        Set<Integer> twice = published.entrySet().stream()
                .filter(one -> one.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        assertThat(twice).as("published and not committed before the halt").hasSizeLessThanOrEqualTo(100);
    }

    /** A redrive that dies in its third batch, after some of its letters have been sent. */
    static final class Halting {

        static final int CODE = 77;

        private Halting() {}

        /** What is sent lingers, so that it is not there before somebody waits for it. */
        static Map<String, Object> properties(String bootstrapServers) {
            return Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "session.timeout.ms",
                    1_500,
                    "heartbeat.interval.ms",
                    400,
                    "linger.ms",
                    5_000);
        }

        public static void main(String[] args) {
            ChildJvm.announceReady();
            int[] letters = {0};
            Redrive.builder(catalog(Path.of(args[2]), args[1], 500))
                    .kafka(properties(args[0]))
                    .from("dlq." + args[1])
                    .fix((letter, original) -> {
                        if (++letters[0] == 260) {
                            Runtime.getRuntime().halt(CODE);
                        }
                        return original;
                    })
                    .build()
                    .run();
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> unused = topics.producer.send(record);
    }

    private static List<String> names(ConsumerRecord<byte[], byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(Header::key)
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
