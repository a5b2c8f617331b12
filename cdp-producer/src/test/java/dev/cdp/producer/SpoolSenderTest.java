package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.core.event.EventIds;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.embedded.Await;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The thread that sends what a spool holds, with a Kafka producer that fails as the test says. */
final class SpoolSenderTest {

    @TempDir
    private Path directory;

    private final AtomicInteger errors = new AtomicInteger();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized Future<RecordMetadata> send(
                        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
                    if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new StackOverflowError("as the test says");
                    }
                    return super.send(record, callback);
                }
            };
    private final Listeners listeners = new Listeners(List.of());
    private final PublishSession session =
            new PublishSession(1 << 20, Duration.ofSeconds(10), Runnable::run, listeners);
    private SpoolSender sender;

    @BeforeEach
    void start() {
        sender = SpoolSender.start(new SpoolOptions(directory, 1 << 20, SpoolSync.each()), kafka, session);
    }

    @AfterEach
    void stop() {
        sender.stop();
        sender.close();
    }

    @Test
    void anEventThatIsSentAgainGoesBeforeThoseBehindIt() {
        send(page("1"));
        send(page("2"));
        awaitSent(page("1"), page("2"));

        kafka.errorNext(new TimeoutException("no answer"));
        send(page("3"));
        kafka.completeNext();

        awaitSent(page("1"), page("2"), page("1"), page("3"));
    }

    @Test
    void theThreadOutlivesAnError() {
        errors.set(2);

        send(page("1"));

        awaitSent(page("1"));
        kafka.completeNext();
        Await.until("an empty spool", sender::state, state -> state.waiting() == 0);
        assertThat(sender.state().problem()).isEmpty();
    }

    private void send(String value) {
        EventPublisher<byte[]> pages = new KafkaEventPublisher<>(
                Shop.CATALOG.event("page_seen").orElseThrow(),
                byte[].class::cast,
                new PublishPath(
                        List.of(),
                        new InvalidEvents(Shop.CATALOG, EventValidator.of(Shop.CATALOG), Map.of(), listeners),
                        new Envelope.Maker(Shop.CATALOG, EventIds.system(), InstantSource.system()),
                        sender,
                        session),
                Duration.ZERO);
        var unused = pages.publish(value.getBytes(StandardCharsets.UTF_8));
    }

    private static String page(String name) {
        return "{\"page\":\"" + name + "\"}";
    }

    private void awaitSent(String... values) {
        Await.untilAsserted(() -> assertThat(kafka.history())
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(values));
    }
}
