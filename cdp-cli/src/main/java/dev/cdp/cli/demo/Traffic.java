package dev.cdp.cli.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.example.social.Flaw;
import dev.cdp.example.social.SocialEvent;
import dev.cdp.example.social.SocialEvents;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;
import dev.cdp.producer.InvalidEventException;
import dev.cdp.producer.Published;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What is written to the broker: events of an application by typed publishers, some of them flawed, and by hand, past
 * every publisher, the messages of the incident and broken bytes. Counters may be read from any thread.
 */
final class Traffic implements AutoCloseable {

    /** The topic of the incident. */
    static final String TOPIC = "cdp.social";

    private static final long SEED = 58_56_113;
    private static final int FLAWED_EVERY = 50;
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final SocialEvents events = SocialEvents.of(SEED, Instant.now());
    private final CdpProducer producer;
    private final KafkaProducer<byte[], byte[]> byHand;
    private final Map<Class<?>, Function<SocialEvent, CompletableFuture<Published>>> publishers = new HashMap<>();
    private final AtomicLong offered = new AtomicLong();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final ConcurrentMap<String, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final AtomicLong foreign = new AtomicLong();
    private volatile boolean stopped;

    Traffic(CdpProducer producer, Map<String, Object> kafka) {
        this.producer = producer;
        this.byHand = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        SocialEvent.types().forEach(this::add);
    }

    private <T extends SocialEvent> void add(Class<T> type) {
        EventPublisher<T> publisher = producer.publisher(type);
        publishers.put(type, event -> publisher.publish(type.cast(event)));
    }

    /** The first messages, one after another, so that each message of the incident stands at its very offset. */
    void incident() {
        Map<Integer, Poison> waiting = new HashMap<>();
        Poison.OF_THE_INCIDENT.forEach(message -> waiting.put(message.partition(), message));
        while (!waiting.isEmpty() && !stopped) {
            CompletableFuture<Published> future = publishNext();
            producer.flush();
            if (wasRefused(future)) {
                continue;
            }
            Published published = future.join();
            Poison next = waiting.get(published.partition());
            if (published.topic().equals(TOPIC) && next != null && published.offset() + 1 == next.offset()) {
                RecordMetadata written = writeByHand(next.partition(), next.value(), "");
                if (written.offset() != next.offset()) {
                    throw new UnusableException("somebody else writes to " + TOPIC + ": expected offset "
                            + next.offset() + ", found " + written.offset());
                }
                waiting.remove(published.partition());
            }
        }
        writeByHand(1, Poison.ONE_MORE, "");
        writeByHand(0, Poison.WITHOUT_FIELDS, "post_viewed");
        Poison.BROKEN_BYTES.forEach(bytes -> writeByHand(2, bytes, "post_viewed"));
    }

    /** Offers events until {@code total} have been offered, those of {@link #incident()} among them. */
    void application(int total) {
        while (offered.get() < total && !stopped) {
            CompletableFuture<Published> unused = publishNext(); // settled as it completes
        }
        producer.flush();
    }

    /** Every fiftieth event is flawed. */
    private CompletableFuture<Published> publishNext() {
        Flaw[] flaws = Flaw.values();
        long number = offered.get();
        boolean flawed = number % FLAWED_EVERY == 0;
        return publish(flawed ? events.next(flaws[(int) (number / FLAWED_EVERY) % flaws.length]) : events.next());
    }

    private static boolean wasRefused(CompletableFuture<Published> future) {
        try {
            future.join();
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof InvalidEventException;
        }
    }

    private CompletableFuture<Published> publish(SocialEvent event) {
        offered.incrementAndGet();
        return publishers
                .getOrDefault(
                        event.getClass(),
                        e -> CompletableFuture.failedFuture(
                                new IllegalStateException("no publisher of " + e.getClass())))
                .apply(event)
                .whenComplete((published, error) -> settle(error));
    }

    private void settle(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause == null) {
            acknowledged.increment();
        } else if (cause instanceof InvalidEventException invalid) {
            var violation = invalid.report().violations().get(0);
            String reason = violation.keyword() + " at " + (violation.path().isEmpty() ? "/" : violation.path());
            refused.computeIfAbsent(reason, r -> new LongAdder()).increment();
        } else {
            failed.increment();
        }
    }

    /** {@code event} is what the record says it is, empty for one that says nothing. */
    private RecordMetadata writeByHand(int partition, byte[] value, String event) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPIC, partition, null, value);
        if (!event.isEmpty()) {
            record.headers().add(CloudEvents.TYPE, event.getBytes(StandardCharsets.UTF_8));
        }
        try {
            foreign.incrementAndGet();
            return byHand.send(record).get();
        } catch (ExecutionException e) {
            throw new UnusableException("could not write to " + TOPIC + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while writing to " + TOPIC, e);
        }
    }

    long offered() {
        return offered.get();
    }

    long acknowledged() {
        return acknowledged.sum();
    }

    /** Refused at the source, by the first reason. */
    Map<String, Long> refused() {
        Map<String, Long> counts = new TreeMap<>();
        refused.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

    long failed() {
        return failed.sum();
    }

    /** How many records were written by hand. */
    long foreign() {
        return foreign.get();
    }

    /** Offered events whose outcome is not known yet. */
    long unanswered() {
        // Counted before those that are offered meanwhile, so it is never too low.
        long settled = acknowledged.sum()
                + failed.sum()
                + refused.values().stream().mapToLong(LongAdder::sum).sum();
        return offered.get() - settled;
    }

    /** Stops offering, and waits for what is on its way. */
    @Override
    public void close() {
        stopped = true;
        producer.close();
        byHand.close(CLOSE);
    }
}
