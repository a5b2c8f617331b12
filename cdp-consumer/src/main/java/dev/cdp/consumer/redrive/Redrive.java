package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.core.catalog.Catalog;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes dead letters again, to the topics that they came from: those that a filter means and that today's catalog
 * accepts. A letter that is done is noted in the commits of a consumer group of its own, after its acknowledgement, so
 * that a redrive which was stopped or killed goes on where it was, and no later one, by whatever filter, takes it again.
 *
 * <p>One thread may run it; it may be run again.
 */
public final class Redrive {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(60);
    private static final long COMMIT_NANOS = 1_000_000_000L;

    private final String topic;
    private final ClientProperties kafka;
    private final LetterFilter filter;
    private final Review.Rules rules;
    private final long intervalNanos;
    private final java.util.function.Consumer<RedriveProgress> progress;

    Redrive(
            String topic,
            ClientProperties kafka,
            LetterFilter filter,
            Review.Rules rules,
            long intervalNanos,
            java.util.function.Consumer<RedriveProgress> progress) {
        this.topic = topic;
        this.kafka = kafka;
        this.filter = filter;
        this.rules = rules;
        this.intervalNanos = intervalNanos;
        this.progress = progress;
    }

    /** Starts to describe a redrive by a catalog. */
    public static RedriveBuilder builder(Catalog catalog) {
        return new RedriveBuilder(catalog);
    }

    /** The consumer group in whose commits it is noted what is done: {@code cdp-redrive.<dead letter topic>}. */
    public static String group(String deadLetterTopic) {
        return "cdp-redrive." + deadLetterTopic;
    }

    /**
     * What {@link #run} would do now; changes nothing.
     *
     * @throws RedriveException if the letters cannot be read
     */
    public RedriveReport dryRun() {
        try (DeadLetterBrowser browser = DeadLetterBrowser.open(kafka, topic);
                Consumer<byte[], byte[]> originals = DeadLetterBrowser.consumer(kafka)) {
            Review review = new Review(rules, browser.cluster(), originals);
            Tally tally = new Tally();
            LetterScan scan = browser.scan();
            while (!scan.finished()) {
                for (StoredLetter letter : scan.next()) {
                    tally.read++;
                    if (filter.matches(letter)) {
                        Review.Verdict verdict = review.of(letter);
                        tally.count(letter, verdict.disposition(), verdict.refusedFor());
                    }
                }
            }
            return tally.report();
        }
    }

    /**
     * Redrives, and returns when the last letter that was there at the start is dealt with.
     *
     * @throws RedriveException if letters cannot be read or published, or another redrive of the topic runs. What is
     *     done until then is noted; where it is retryable, the next run goes on from there
     */
    public RedriveReport run() {
        try (Cluster cluster = Cluster.connect(kafka)) {
            Cluster.Topic description = DeadLetterBrowser.existing(cluster, topic);
            cluster.awaitEmptyGroup();
            Consumer<byte[], byte[]> consumer = DeadLetterBrowser.consumer(kafka);
            try (Consumer<byte[], byte[]> originals = DeadLetterBrowser.consumer(kafka);
                    Outbox outbox = new Outbox(kafka.producer())) {
                Membership membership = new Membership();
                Set<TopicPartition> partitions = DeadLetterBrowser.partitions(topic, description);
                join(consumer, membership, partitions);
                LetterScan scan = new LetterScan(consumer, description, partitions);
                return new Run(consumer, membership, scan, new Review(rules, cluster, originals), outbox).all();
            } catch (KafkaException e) {
                throw RedriveException.interrupted(
                        "the redrive of " + topic + " stopped: " + e.getMessage() + "; run it again to go on", e);
            } finally {
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
            }
        }
    }

    private void join(Consumer<byte[], byte[]> consumer, Membership membership, Set<TopicPartition> partitions) {
        consumer.subscribe(List.of(topic), membership);
        long deadline = System.nanoTime() + JOIN_PATIENCE.toNanos();
        while (!consumer.assignment().equals(partitions)) {
            if (System.nanoTime() - deadline > 0) {
                throw RedriveException.unusable(
                        "group " + kafka.group() + " did not get all partitions of " + topic
                                + "; another redrive seems to run",
                        null);
            }
            consumer.poll(POLL); // what it returns comes again: the scan seeks
        }
        membership.lost = false;
    }

    /** Whether the partitions are still ours; told inside {@code poll()}. */
    private static final class Membership implements ConsumerRebalanceListener {

        private boolean lost;

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // The scan takes nothing before all are here.
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            lost = true;
        }
    }

    /** One run, from its first letter to its last. */
    private final class Run {

        private final Consumer<byte[], byte[]> consumer;
        private final Membership membership;
        private final LetterScan scan;
        private final Review review;
        private final Outbox outbox;
        private final Tally tally = new Tally();
        private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
        private long nextAt = System.nanoTime();
        private long committedAt = nextAt;

        private Run(
                Consumer<byte[], byte[]> consumer,
                Membership membership,
                LetterScan scan,
                Review review,
                Outbox outbox) {
            this.consumer = consumer;
            this.membership = membership;
            this.scan = scan;
            this.review = review;
            this.outbox = outbox;
        }

        private RedriveReport all() {
            while (!scan.finished()) {
                for (StoredLetter letter : scan.next()) {
                    tally.read++;
                    if (filter.matches(letter)) {
                        one(letter);
                    }
                    if (System.nanoTime() - committedAt >= COMMIT_NANOS) {
                        settle();
                    }
                }
                settle();
            }
            return tally.report();
        }

        private void one(StoredLetter letter) {
            Review.Verdict verdict = review.of(letter);
            ProducerRecord<byte[], byte[]> record = verdict.record();
            if (record == null) {
                tally.count(letter, verdict.disposition(), verdict.refusedFor());
                return;
            }
            pace();
            outbox.send(letter, verdict, record);
        }

        private void pace() {
            for (long wait = nextAt - System.nanoTime(); wait > 0; wait = nextAt - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            nextAt = Math.max(nextAt, System.nanoTime() - COMMIT_NANOS) + intervalNanos;
        }

        /** Waits for the acknowledgements, then notes what is done: never the other way round. */
        private void settle() {
            if (membership.lost) {
                throw RedriveException.interrupted(
                        "another redrive of " + topic + " took over; what was published since the last commit may be"
                                + " published twice",
                        null);
            }
            Exception failure = null;
            for (Outbox.Answer answer : outbox.flush()) {
                if (answer.acknowledged()) {
                    scan.done(answer.letter());
                    tally.count(answer.letter(), answer.verdict().disposition(), "");
                } else if (answer.hopeless()) {
                    tally.count(answer.letter(), Disposition.REFUSED_BY_KAFKA, "");
                } else {
                    failure = answer.failure();
                }
            }
            commit();
            committedAt = System.nanoTime();
            progress.accept(tally.progress(scan.total()));
            if (failure != null) {
                throw RedriveException.interrupted(
                        "a letter of " + topic + " could not be published (" + failure.getMessage()
                                + "); run the redrive again to go on",
                        failure);
            }
        }

        private void commit() {
            Map<TopicPartition, OffsetAndMetadata> now = new HashMap<>();
            scan.marks().forEach((partition, marks) -> now.put(partition, marks.committable()));
            now.forEach((partition, commit) -> {
                if (commit.metadata().length() > Marks.MAX_LENGTH) {
                    throw RedriveException.unusable(
                            "what is done of " + partition + " does not fit into a commit any more: too many letters"
                                    + " before and between those that were redriven are left. Redrive, or wait for the"
                                    + " retention of, those from offset " + commit.offset() + " on",
                            null);
                }
            });
            if (!now.equals(committed)) {
                consumer.commitSync(now);
                committed = now;
            }
        }
    }

    /** Counts. */
    private static final class Tally {

        private final Map<RedriveReport.Kind, Long> kinds = new HashMap<>();
        private long read;

        private void count(StoredLetter letter, Disposition disposition, String refusedFor) {
            String reason = letter.reason().map(Enum::name).orElse("");
            kinds.merge(
                    new RedriveReport.Kind(disposition, reason, letter.event(), letter.fingerprint(), refusedFor),
                    1L,
                    Long::sum);
        }

        private RedriveReport report() {
            List<RedriveReport.Row> rows = new ArrayList<>();
            kinds.forEach((kind, count) -> rows.add(new RedriveReport.Row(kind, count)));
            rows.sort(Comparator.comparingLong(RedriveReport.Row::count)
                    .reversed()
                    .thenComparing(row -> row.kind().toString()));
            return new RedriveReport(read, rows);
        }

        private RedriveProgress progress(long total) {
            RedriveReport report = report();
            return new RedriveProgress(
                    read,
                    total,
                    report.count(Disposition.PUBLISHED),
                    report.count(Disposition.QUARANTINED),
                    report.left());
        }
    }
}
