package dev.cdp.producer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class SpoolTest {

    private static final long MAX_BYTES = 1 << 20;

    private static EmbeddedKafka kafka;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().proxied().start();
        kafka.createTopic("shop.page_seen", 3);
        kafka.createTopic("shop.cart_opened", 1, Map.of("max.message.bytes", "2000"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void heal() {
        kafka.proxy().heal();
    }

    @Test
    void events_wait_on_disk_while_the_broker_is_away_and_are_sent_in_order_when_it_is_back() {
        try (CdpProducer producer = connect()) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            pages.publish(new Shop.PageSeen("a-first")).join();
            away();

            List<CompletableFuture<Published>> futures = publish(pages, "a", 200);

            assertThat(futures).noneMatch(CompletableFuture::isDone);
            assertThat(state(producer).waiting()).isEqualTo(200);
            kafka.proxy().heal();
            producer.flush();
            assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
            assertThat(pages("a-k")).isEqualTo(names("a", 200));
            assertThat(state(producer))
                    .isEqualTo(new SpoolState(0, state(producer).bytes(), 0, 0, 0, Optional.empty()));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void what_a_producer_leaves_is_sent_by_the_next_one_under_the_same_ids_and_marked() {
        CdpProducer first = connect();
        EventPublisher<Shop.PageSeen> pages = first.publisher(Shop.PageSeen.class);
        away();
        List<CompletableFuture<Published>> futures = publish(pages, "b", 50);

        CloseReport report = first.close(Duration.ofMillis(100));

        assertThat(report).isEqualTo(new CloseReport(0, 0, 0, 0, 50));
        List<String> ids = futures.stream()
                .map(future -> catchThrowableOfType(CompletionException.class, future::join))
                .map(e -> ((PublishUncertainException) e.getCause()).eventId())
                .toList();
        try (CdpProducer second = connect()) {
            assertThat(state(second))
                    .extracting(SpoolState::waiting, SpoolState::recovered)
                    .containsExactly(50L, 50L);
            kafka.proxy().heal();
            second.flush();
            List<ConsumerRecord<byte[], byte[]>> records = records("b-k");
            assertThat(records.stream().map(r -> header(r, "ce_id"))).isEqualTo(ids);
            assertThat(records).allMatch(r -> header(r, "cdp.replayed").equals("1"));
            assertThat(second.close(Await.LIMIT).offered()).isZero();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void a_full_spool_says_so_and_takes_events_again_when_it_has_drained() {
        try (CdpProducer producer = connect()) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            away();
            List<CompletableFuture<Published>> futures = new ArrayList<>();
            CompletableFuture<Published> refused = null;
            while (refused == null) {
                CompletableFuture<Published> future = pages.tryPublish(new Shop.PageSeen("c".repeat(20_000)));
                if (future.isDone()) {
                    refused = future;
                } else {
                    futures.add(future);
                }
            }

            assertThatThrownBy(refused::join).hasCauseInstanceOf(BufferFullException.class);
            assertThat(futures).hasSizeBetween(45, 52);
            assertThat(state(producer).bytes()).isLessThanOrEqualTo(MAX_BYTES);
            kafka.proxy().heal();
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
            pages.publish(new Shop.PageSeen("c-again")).join();
        }
    }

    @Test
    void an_event_that_the_broker_refuses_for_good_leaves_the_spool_and_those_behind_it_go_on() {
        try (CdpProducer producer = connect()) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            EventPublisher<Shop.CartOpened> carts = producer.publisher(Shop.CartOpened.class);
            String large = new Random(4)
                    .ints(20_000, 'a', 'z')
                    .mapToObj(Character::toString)
                    .collect(joining());
            CompletableFuture<Published> before = pages.publish(new Shop.PageSeen("d-before"));
            CompletableFuture<Published> refused = carts.publish(new Shop.CartOpened(large));
            CompletableFuture<Published> behind = pages.publish(new Shop.PageSeen("d-behind"));

            before.join();
            behind.join();
            assertThatThrownBy(refused::join).hasCauseInstanceOf(PublishFailedException.class);
            assertThat(state(producer).waiting()).isZero();
        }
    }

    @Test
    void a_torn_tail_is_cut_and_counted_and_what_stands_before_it_is_sent() throws IOException {
        leave("e", 20);
        Path file = files().get(0);
        long size = Files.size(file);
        try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
            torn.setLength(size - 7);
        }

        try (CdpProducer producer = connect()) {
            SpoolState state = state(producer);
            assertThat(state.recovered()).isEqualTo(19);
            assertThat(state.cutBytes()).isBetween(100L, size / 10);
            producer.flush();
        }
        assertThat(pages("e-k")).isEqualTo(names("e", 19));
    }

    @Test
    void a_byte_that_has_changed_costs_its_event_alone_and_the_file_is_kept_aside() throws IOException {
        leave("f", 20);
        byte[] damaged = change(content -> content.indexOf("f-k9"));

        try (CdpProducer producer = connect()) {
            assertThat(state(producer).recovered()).isEqualTo(19);
            assertThat(state(producer).damagedBytes()).isBetween(100L, damaged.length / 10L);
            producer.flush();
        }
        List<String> left =
                names("f", 20).stream().filter(name -> !name.equals("f-k9")).toList();
        assertThat(pages("f-k")).isEqualTo(left);
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all.filter(file -> file.toString().contains(".damaged-")))
                    .singleElement()
                    .satisfies(aside -> assertThat(Files.readAllBytes(aside)).isEqualTo(damaged));
        }
    }

    @Test
    void a_changed_byte_in_the_head_of_a_file_costs_no_event() throws IOException {
        leave("h", 5);
        change(content -> 12);

        try (CdpProducer producer = connect()) {
            assertThat(state(producer).recovered()).isEqualTo(5);
            producer.flush();
        }
        assertThat(pages("h-k")).isEqualTo(names("h", 5));
    }

    @Test
    void only_its_owner_may_read_a_spool_whatever_others_left_in_the_directory() throws IOException {
        Path made = directory.resolve("made");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("notes.spool"), "a note");
        Files.createDirectory(directory.resolve("00000000000000000007.spool"));
        for (Path one : List.of(directory, made)) {
            try (CdpProducer producer = connect(one)) {
                producer.publisher(Shop.PageSeen.class)
                        .publish(new Shop.PageSeen("i-k0"))
                        .join();
                for (String file : List.of("lock", "00000000000000000001.spool")) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one.resolve(file))))
                            .as(file)
                            .isEqualTo("rw-------");
                }
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        assertThat(directory.resolve("notes.spool")).hasContent("a note");
    }

    @Test
    void a_producer_that_was_refused_leaves_the_lock_to_the_one_that_has_it() {
        try (CdpProducer producer = connect()) {
            assertThatThrownBy(this::connect).isInstanceOf(InvalidOptionException.class);
            assertThatThrownBy(this::connect).isInstanceOf(InvalidOptionException.class);
            try (ChildJvm other = ChildJvm.of(LockMain.class).start(directory.toString())) {
                assertThat(other.awaitOutput("lock is")).isEqualTo("lock is held");
            }
            assertThat(producer.spoolState()).isPresent();
        }
        try (CdpProducer next = connect()) {
            assertThat(next.spoolState()).isPresent();
        }
    }

    /** Another process that looks at the lock. */
    static final class LockMain {
        public static void main(String[] arguments) throws IOException {
            Path lock = Path.of(arguments[0]).resolve("lock");
            try (RandomAccessFile file = new RandomAccessFile(lock.toFile(), "rw");
                    FileLock free = file.getChannel().tryLock()) {
                System.out.println("lock is " + (free == null ? "held" : "free"));
            }
        }
    }

    /** Flips a bit of the only file that a producer left; the file as it is then. */
    private byte[] change(ToIntFunction<String> place) throws IOException {
        Path file = files().get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[place.applyAsInt(new String(bytes, StandardCharsets.ISO_8859_1))] ^= 1;
        Files.write(file, bytes);
        return bytes;
    }

    @Test
    void a_directory_has_one_producer_at_a_time() {
        try (CdpProducer producer = connect()) {
            assertThat(producer.spoolState()).isPresent();
            assertThatThrownBy(this::connect)
                    .isInstanceOf(InvalidOptionException.class)
                    .hasMessageContaining(directory.toString());
        }
    }

    @Test
    void a_producer_with_a_spool_starts_although_no_broker_answers() throws Exception {
        away();
        CompletableFuture<Published> future;
        try (CdpProducer producer = connect()) {
            future = producer.publisher(Shop.PageSeen.class).publish(new Shop.PageSeen("g-early"));
            kafka.proxy().heal();
            future.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void leave(String prefix, int count) {
        CdpProducer producer = connect();
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        away();
        publish(pages, prefix, count);
        producer.close(Duration.ZERO);
        kafka.proxy().heal();
    }

    private CdpProducer connect() {
        return connect(directory);
    }

    private static CdpProducer connect(Path directory) {
        return CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .spool(directory, MAX_BYTES, SpoolSync.each())
                .connectTimeout(Duration.ofSeconds(1))
                .connect();
    }

    private static void away() {
        kafka.proxy().refuseConnections();
        kafka.proxy().resetConnections();
    }

    private static List<CompletableFuture<Published>> publish(
            EventPublisher<Shop.PageSeen> pages, String prefix, int count) {
        PublishOptions keyed = PublishOptions.builder().key(prefix).build();
        return names(prefix, count).stream()
                .map(name -> pages.publish(new Shop.PageSeen(name), keyed))
                .toList();
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-k" + i).toList();
    }

    private static SpoolState state(CdpProducer producer) {
        return producer.spoolState().orElseThrow();
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".spool"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> pages(String prefix) {
        return records(prefix).stream().map(SpoolTest::page).toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String prefix) {
        return Shop.records(kafka, "shop.page_seen").stream()
                .filter(record -> page(record).startsWith(prefix))
                .toList();
    }

    private static String page(ConsumerRecord<byte[], byte[]> record) {
        String json = new String(record.value(), StandardCharsets.UTF_8);
        return json.substring("{\"page\":\"".length(), json.length() - 2);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
