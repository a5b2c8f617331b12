package dev.cdp.consumer.dlq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import dev.cdp.core.validation.ViolationsJson;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeadLetterRecordsTest {

    private static final int MAX = 100_000;

    private final DeadLetterRecords records =
            new DeadLetterRecords("group", "hash", MAX, Set.of(), () -> Instant.parse("2026-01-02T03:04:05Z"));

    private static DeadLetter letter(byte[] key, byte[] value, RecordHeaders headers, Failure failure) {
        return new DeadLetter(
                "dlq.t",
                new ConsumerRecord<>(
                        "t", 3, 42, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty()),
                failure,
                2);
    }

    private static final Failure FAILURE = Failure.of(DeadLetterReason.UNDECODABLE, "decode", "", "expected an event");

    @Property(tries = 200)
    void keyValueAndHeadersOfTheOriginalComeThroughByteForByte(
            @ForAll byte[] key, @ForAll byte[] value, @ForAll @Size(max = 5) List<byte[]> headers) {
        RecordHeaders original = new RecordHeaders();
        headers.forEach(header -> original.add("h", header));
        original.add("empty", null);
        ProducerRecord<byte[], byte[]> letter = records.record(letter(key, value, original, FAILURE), 2);
        assertThat(letter.key()).isEqualTo(key);
        assertThat(letter.value()).isEqualTo(value);
        List<byte[]> kept = StreamSupport.stream(letter.headers().headers("h").spliterator(), false)
                .map(Header::value)
                .toList();
        assertThat(kept).containsExactlyElementsOf(headers);
        assertThat(letter.headers().lastHeader("empty").value()).isNull();
    }

    @Test
    void aLetterThatFailsAgainHasItsHeadersReplacedAndKeepsItsRedriveCount() {
        RecordHeaders original = new RecordHeaders();
        original.add("ce_type", utf8("page_viewed"));
        original.add(DeadLetterHeaders.REDRIVE_COUNT, utf8("2"));
        DeadLetter once = letter(utf8("k"), utf8("v"), original, FAILURE);
        ProducerRecord<byte[], byte[]> first = records.record(once, 2);
        ProducerRecord<byte[], byte[]> second =
                records.record(letter(utf8("k"), utf8("v"), new RecordHeaders(first.headers()), FAILURE), 2);
        assertThat(names(second)).isEqualTo(names(first)).doesNotHaveDuplicates();
        assertThat(text(second, DeadLetterHeaders.REDRIVE_COUNT)).isEqualTo("2");
        assertThat(text(second, DeadLetterHeaders.FAILED_AT)).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void whatIsLargerThanALetterMayBeGoesAsAPointerThatKeepsTheReason() {
        byte[] huge = new byte[MAX];
        Arrays.fill(huge, (byte) 'x');
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_type", utf8("page_viewed"));
        ProducerRecord<byte[], byte[]> letter = records.record(letter(utf8("k"), huge, headers, FAILURE), 2);
        assertThat(letter.key()).isEqualTo(utf8("k"));
        assertThat(new String(letter.value(), StandardCharsets.UTF_8))
                .startsWith("{\"topic\":\"t\",\"partition\":3,\"offset\":42,\"sha256\":\"")
                .contains("\"length\":" + MAX)
                .hasSizeLessThan(1_000);
        assertThat(text(letter, DeadLetterHeaders.REASON)).isEqualTo("UNDECODABLE");
        assertThat(text(letter, DeadLetterHeaders.POINTER))
                .startsWith("sha256:")
                .hasSize(7 + 64);
        assertThat(text(letter, "ce_type")).isEqualTo("page_viewed");
    }

    @Test
    void aHugeHeaderOrKeyMakesAPointerToo() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("huge", new byte[MAX]);
        ProducerRecord<byte[], byte[]> letter = records.record(letter(new byte[MAX], utf8("v"), headers, FAILURE), 2);
        assertThat(letter.key()).isNull();
        assertThat(letter.headers().lastHeader("huge")).isNull();
        assertThat(letter.value().length).isLessThan(1_000);
    }

    @Test
    void aTraceTellsWhereItWasThrownAndQuotesNothing() {
        Throwable deep = new IllegalStateException("secret");
        deep.setStackTrace(Collections.nCopies(1_000, deep.getStackTrace()[0]).toArray(StackTraceElement[]::new));
        Throwable thrown = new IllegalArgumentException("secret", deep);
        thrown.setStackTrace(Arrays.copyOf(thrown.getStackTrace(), 2));
        Failure failure = Failure.thrown(DeadLetterReason.RETRIES_EXHAUSTED, "handle", "page_viewed", thrown);
        String trace = text(
                records.record(letter(utf8("k"), utf8("v"), new RecordHeaders(), failure), 2),
                DeadLetterHeaders.EXCEPTION_STACKTRACE);
        assertThat(trace)
                .startsWith("java.lang.IllegalArgumentException\n\tat ")
                .contains("\nCaused by: java.lang.IllegalStateException\n\tat ")
                .doesNotContain("secret")
                .hasSizeLessThanOrEqualTo(StackTraces.MAX_LENGTH + 1);
    }

    @Test
    void aPartitionOfTheSourceGoesToOneOfTheLettersThoughThereAreFewer() {
        assertThat(partition(4)).isEqualTo(3);
        assertThat(partition(2)).isEqualTo(1);
        assertThat(partition(1)).isZero();
    }

    private int partition(int partitions) {
        return records.record(letter(utf8("k"), utf8("v"), new RecordHeaders(), FAILURE), partitions)
                .partition();
    }

    @Test
    void headersOfOtherFrameworksAreAddedWhenAskedForAndReplacedToo() {
        DeadLetterRecords both = new DeadLetterRecords(
                "group", "hash", MAX, EnumSet.allOf(DeadLetterProfile.class), () -> Instant.EPOCH);
        Failure failure = Failure.thrown(
                DeadLetterReason.RETRIES_EXHAUSTED, "handle", "page_viewed", new IllegalStateException());
        ProducerRecord<byte[], byte[]> first =
                both.record(letter(utf8("k"), utf8("v"), new RecordHeaders(), failure), 2);
        assertThat(text(first, "kafka_dlt-original-topic")).isEqualTo("t");
        assertThat(ByteBuffer.wrap(first.headers()
                                .lastHeader("kafka_dlt-original-partition")
                                .value())
                        .getInt())
                .isEqualTo(3);
        assertThat(ByteBuffer.wrap(first.headers()
                                .lastHeader("kafka_dlt-original-offset")
                                .value())
                        .getLong())
                .isEqualTo(42);
        assertThat(text(first, "kafka_dlt-original-timestamp-type")).isEqualTo("CreateTime");
        assertThat(text(first, "kafka_dlt-exception-fqcn")).isEqualTo(IllegalStateException.class.getName());
        assertThat(text(first, "__streams.errors.topic")).isEqualTo("t");
        assertThat(text(first, "__streams.errors.offset")).isEqualTo("42");
        assertThat(text(first, "__streams.errors.exception")).isEqualTo(IllegalStateException.class.getName());

        ProducerRecord<byte[], byte[]> again =
                both.record(letter(utf8("k"), utf8("v"), new RecordHeaders(first.headers()), failure), 2);
        assertThat(names(again)).isEqualTo(names(first)).doesNotHaveDuplicates();
        ProducerRecord<byte[], byte[]> plain =
                records.record(letter(utf8("k"), utf8("v"), new RecordHeaders(first.headers()), failure), 2);
        assertThat(names(plain)).noneMatch(name -> name.startsWith("kafka_dlt-") || name.startsWith("__streams."));
    }

    @Test
    void violationsAreJsonAndBounded() {
        Violation quoted = new Violation("/a\"b", "required", "line\nbreak");
        assertThat(ViolationsJson.of(ValidationReport.of(quoted)))
                .isEqualTo("[{\"path\":\"/a\\\"b\",\"keyword\":\"required\",\"code\":\"missing-property\","
                        + "\"message\":\"line\\u000abreak\"}]");
        Violation wordy = new Violation("/" + "p".repeat(5_000), "k".repeat(5_000), "m".repeat(5_000));
        String many = ViolationsJson.of(new ValidationReport(
                IntStream.range(0, 500).mapToObj(i -> wordy).toList()));
        assertThat(many).hasSizeLessThan(14_000).endsWith("\"message\":\"480 more\"}]");
    }

    private static List<String> names(ProducerRecord<byte[], byte[]> letter) {
        return StreamSupport.stream(letter.headers().spliterator(), false)
                .map(Header::key)
                .toList();
    }

    private static String text(ProducerRecord<byte[], byte[]> letter, String header) {
        TreeMap<String, String> found = new TreeMap<>();
        letter.headers().forEach(one -> found.put(one.key(), new String(one.value(), StandardCharsets.UTF_8)));
        return found.getOrDefault(header, "absent");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
