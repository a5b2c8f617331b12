package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** One {@link SinkLine} without Kafka: the test polls, runs the workers, answers commits and dead letters, and is the sink. */
final class SinkBench {

    static final String TOPIC = "t";
    static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    static final UUID TOPIC_ID = new UUID(1, 2);
    static final Duration LEASE = Duration.ofSeconds(10);
    private static final Catalog CATALOG = Topics.catalog(TOPIC, "enforce");

    /** What the sink was given, and what it does about it. */
    final List<EventBatch> written = new ArrayList<>();

    final List<Long> deadLettered = new ArrayList<>();
    final Queue<CompletableFuture<Void>> unacknowledged = new ArrayDeque<>();
    final Map<TopicPartition, Batch.Past> pasts = new HashMap<>();
    final SinkWork.PlanStamp stamp =
            new SinkWork.PlanStamp(CommitText.groupHash("g"), 3, CATALOG.hash().substring(0, 12), "dev");
    EventSink sink = batch -> SinkResult.stored(batch.events().size());
    long nanos;

    private final Queue<Runnable> jobs = new ArrayDeque<>();
    private final Workers workers = Workers.on(jobs::add, 4, new Outcomes());
    final Lease lease = new Lease(LEASE, () -> nanos);
    final SinkWork work;
    SinkLine line;

    SinkBench() {
        Listeners listeners = new Listeners(List.of());
        this.work = new SinkWork(
                batch -> {
                    written.add(batch);
                    return sink.write(batch);
                },
                new Judge(CATALOG, null, "g", true),
                new DeadLetterOffice(
                        new DeadLetterRoutes(CATALOG, List.of(TOPIC)),
                        null,
                        new Letters(),
                        (topic, record) -> CompletableFuture.completedFuture(null),
                        new DeadLetterOffice.Refusals(),
                        workers),
                workers,
                listeners,
                new Circuits(() -> nanos),
                new LetterGauge(null, event -> true),
                new Outages(listeners, InstantSource.system()),
                new BatchLimits(10, 1 << 20, Duration.ofMillis(10)),
                stamp,
                lease,
                pasts,
                new Random(1));
        this.line = open(plan(0, 0, Envelope.NO_EPOCH), Optional.empty());
    }

    Envelope plan(long first, long end, int epoch) {
        return new Envelope(
                stamp.group(),
                TOPIC_ID,
                first,
                end,
                epoch,
                stamp.replay(),
                stamp.catalog(),
                stamp.sdk(),
                new TreeSet<>());
    }

    /** Begins a stretch of ownership with what the one before it has committed. */
    SinkLine open(Envelope inherited, Optional<Integer> epoch) {
        Tenure tenure = new Tenure(PARTITION, null);
        tenure.topicId(TOPIC_ID);
        line = new SinkLine(tenure, inherited, epoch, work);
        return line;
    }

    /** Polls valid records of {@code [from, to)}. */
    void poll(long from, long to, int epoch) {
        poll(from, to, epoch, Set.of());
    }

    void poll(long from, long to, int epoch, Set<Long> invalid) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            records.add(record(
                    offset,
                    epoch,
                    invalid.contains(offset) ? "{\"page_id\":\"p\"}" : "{\"page_id\":\"p\",\"ordinal\":1}"));
        }
        line.take(records, to, nanos);
    }

    static ConsumerRecord<byte[], byte[]> record(long offset, int epoch, String payload) {
        byte[] value = payload.getBytes(StandardCharsets.UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add(CloudEvents.TYPE, "page_viewed".getBytes(StandardCharsets.UTF_8));
        return new ConsumerRecord<>(
                TOPIC,
                PARTITION.partition(),
                offset,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                null,
                value,
                headers,
                Optional.of(epoch));
    }

    /** Lets everything happen that needs no commit and no acknowledgement of a dead letter. */
    void settle() {
        boolean more = true;
        while (more) {
            more = line.start(nanos);
            for (Runnable job = jobs.poll(); job != null; job = jobs.poll()) {
                job.run();
                more = true;
            }
            more |= hear();
        }
    }

    /** The owner takes the outcomes that are there. */
    private boolean hear() {
        List<Outcome> outcomes;
        try {
            outcomes = workers.take(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (Outcome outcome : outcomes) {
            if (outcome.endsJob()) {
                workers.ended(line.tenure());
            }
            line.heard(outcome);
            line.settle(outcome, nanos);
        }
        return !outcomes.isEmpty();
    }

    /** Acknowledges what the line wants committed now, and lets go on what waits for that. */
    OffsetAndMetadata commit() {
        OffsetAndMetadata commit = line.committable();
        line.committed(commit);
        settle();
        return commit;
    }

    void acknowledgeDeadLetters() {
        for (CompletableFuture<Void> one = unacknowledged.poll(); one != null; one = unacknowledged.poll()) {
            one.complete(null);
        }
        settle();
    }

    /** Lets time pass in which the group is heard of. */
    void pass(Duration time) {
        nanos += time.toNanos();
        lease.renew();
        settle();
    }

    static List<Long> offsets(EventBatch batch) {
        return batch.events().stream().map(SinkEvent::offset).toList();
    }

    static SinkResult.Rejection rejection(long offset) {
        return new SinkResult.Rejection(offset, DeadLetterReason.NOT_INSERTABLE, "/ordinal", "refused");
    }

    private final class Letters implements DeadLetters {

        @Override
        public CompletionStage<Void> send(DeadLetter letter) {
            deadLettered.add(letter.record().offset());
            CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
            unacknowledged.add(acknowledgement);
            return acknowledgement;
        }

        @Override
        public void close(Duration timeout) {
            // Nothing is open.
        }
    }
}
