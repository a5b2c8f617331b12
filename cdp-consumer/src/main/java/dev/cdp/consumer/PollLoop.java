package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import dev.cdp.core.event.EventIds;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consume path. One thread owns all of its state: the Kafka consumer, the lines of the partitions, and what is
 * committed. Workers get work from it and bring outcomes back.
 */
final class PollLoop {

    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
    private static final long LONGEST_IDLE_NANOS = 100_000_000L;
    /** How often is polled while every partition is paused: for the group's sake, and for answers to commits. */
    private static final long PAUSED_POLL_NANOS = 5_000_000L;

    private static final Duration SHORT_WAIT = Duration.ofMillis(5);
    private static final long DENIED_PAUSE_NANOS = 1_000_000_000L;
    private static final Duration END_OF_LOG_TIMEOUT = Duration.ofSeconds(10);
    /** A group that hears nothing of a leave ends the membership by itself. */
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

    private static final Duration LEAST_COMMIT = Duration.ofMillis(300);
    private static final Duration LEAST_WAIT = Duration.ofMillis(100);

    private final ConsumerSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final Workers workers;
    private final DeadLetterOffice office;
    private final Assignment assignment = new Assignment();
    private final Committer committer;
    private final Flow flow;
    private final Restorer restorer;
    private final Restorer.TopicIds topics;
    private final TopicWatch topicWatch;
    private final Rebalancer rebalancer;
    private final Outages outages;
    private final Circuits circuits;
    private final LetterGauge gauge;
    private final LongSupplier nanos;
    private final HealthBoard health;
    private final Lease lease;
    private long pollAgainAt;
    private long polledAt;
    private volatile boolean releaseAsked;
    /** When it must have ended; null while it need not. */
    private final AtomicReference<@Nullable CloseTimes> ending = new AtomicReference<>();

    private boolean over;
    private @Nullable ConsumerStoppedException stopped;

    PollLoop(ConsumerSettings settings, Surroundings around) {
        this.nanos = around.nanos;
        long now = nanos.getAsLong();
        this.settings = settings;
        this.consumer = around.client;
        this.workers = around.workers;
        this.office = around.office;
        this.pollAgainAt = now;
        this.polledAt = now - PAUSED_POLL_NANOS;
        this.circuits = new Circuits(nanos);
        this.gauge = new LetterGauge(
                settings.deadLetterLimit(),
                event -> settings.catalog().event(event).isPresent());
        this.outages = new Outages(around.listeners, settings.clock());
        this.committer =
                new Committer(consumer, around.route, settings.commits(), around.listeners, settings.clock(), now);
        this.flow = new Flow(consumer, settings.bufferedBytes());
        this.lease = new Lease(settings.kafka().session(), nanos);
        this.restorer =
                new Restorer(consumer, around.topics, assignment, committer, settings.kafka(), lines(around), now);
        this.topics = around.topics;
        this.topicWatch = new TopicWatch(around.topics, assignment, now);
        this.rebalancer = new Rebalancer(
                consumer,
                assignment,
                flow,
                committer,
                gauge,
                outages,
                this::drain,
                settings.kafka().maxPollInterval());
        Watchdog watchdog = new Watchdog(settings.stallAfter(), around.listeners);
        this.health = new HealthBoard(consumer, assignment, committer, outages, watchdog, nanos);
    }

    /** What it works with, and the time in nanoseconds. */
    record Surroundings(
            Consumer<byte[], byte[]> client,
            CommitRoute route,
            Restorer.TopicIds topics,
            Workers workers,
            DeadLetterOffice office,
            Judge judge,
            Listeners listeners,
            LongSupplier nanos,
            RandomGenerator random) {}

    /** How a partition's line is opened, for handlers or for a sink. */
    private Restorer.Lines lines(Surroundings around) {
        if (settings.sink() == null) {
            HandlerWork work = new HandlerWork(
                    CommitText.groupHash(settings.group()),
                    settings.ordering(),
                    new Attempt.Handling(
                            around.judge, settings.handlers(), settings.errors(), nanos, encoder(around.judge)),
                    settings.retry(),
                    settings.bufferedRecords(),
                    settings.transactions() != null,
                    settings.retryTopics(),
                    office,
                    workers,
                    circuits,
                    gauge,
                    around.listeners,
                    around.random);
            return (tenure, start) -> new HandlerLine(tenure, start, work);
        }
        SinkWork work = new SinkWork(
                settings.sink(),
                around.judge,
                office,
                workers,
                around.listeners,
                circuits,
                gauge,
                outages,
                settings.batches(),
                SinkWork.PlanStamp.of(settings),
                lease,
                new HashMap<>(),
                around.random);
        return new Inheritance(settings.foreignOffsets(), work)::line;
    }

    private @Nullable OutputEncoder encoder(Judge judge) {
        ConsumerSettings.Transactions transactions = settings.transactions();
        return transactions == null
                ? null
                : new OutputEncoder(
                        settings.catalog(), transactions.outputs(), judge, EventIds.system(), settings.clock());
    }

    /** Whether the caller is a handler or a sink, which must not wait for the end. */
    boolean calledByWorker() {
        return workers.isCaller();
    }

    HealthBoard health() {
        return health;
    }

    /** The partitions that it works on. */
    Collection<Line> lines() {
        return assignment.lines();
    }

    /** Joins the group; partitions follow by {@link #doWork}. */
    void subscribe() {
        List<String> topics = new ArrayList<>(settings.topics());
        RetryTopics retryTopics = settings.retryTopics();
        if (retryTopics != null) {
            topics.addAll(retryTopics.names());
        }
        consumer.subscribe(topics, rebalancer);
    }

    /** One step of the path; returns how much it did, so that the next one may idle after a step that did nothing. */
    int doWork(int before) {
        long now = nanos.getAsLong();
        boolean busy = before > 0 || awaited();
        int work = restorer.restore(now);
        if (!busy || now - polledAt >= PAUSED_POLL_NANOS || !flow.allPaused(assignment.lines())) {
            work += take(poll(busy ? 0 : Math.min(LONGEST_IDLE_NANOS, dueIn(now))));
            polledAt = now;
        }
        work += settle(workersReport(before == 0 && busy ? SHORT_WAIT : Duration.ZERO));
        stopIfSaid();
        reopen();
        now = nanos.getAsLong();
        reopen(topicWatch.replaced(now));
        work += assignment.start(now);
        assignment.weigh(now);
        work += committer.maybeCommit(assignment.lines(), now) ? 1 : 0;
        flow.balance(assignment.lines());
        outages.seen(down());
        health.maybeDraw(flow.anyPaused(), now);
        if (committer.mustRejoin()) {
            rejoin();
        }
        return work;
    }

    private Map<String, String> down() {
        if (releaseAsked) {
            releaseAsked = false;
            gauge.release();
        }
        Map<String, String> down = circuits.open();
        down.putAll(office.refusing());
        down.putAll(committer.down());
        down.putAll(gauge.tripped());
        down.putAll(restorer.replaced());
        down.putAll(topicWatch.missing());
        return down;
    }

    /** Lets partitions go on that stopped at the dead letter limit; any thread. */
    void release() {
        releaseAsked = true;
    }

    /** Whether an outcome or an acknowledgement can come at any moment. */
    private boolean awaited() {
        if (committer.busy()) {
            return true;
        }
        for (Line line : assignment.lines()) {
            if (line.inFlight() > 0) {
                return true;
            }
        }
        return false;
    }

    private long dueIn(long now) {
        return Math.min(
                committer.dueIn(assignment.lines(), now),
                assignment.lines().stream()
                        .mapToLong(line -> line.dueIn(now))
                        .min()
                        .orElse(Long.MAX_VALUE));
    }

    private ConsumerRecords<byte[], byte[]> poll(long idleNanos) {
        try {
            Duration idle = Duration.ofNanos(Math.max(idleNanos, pollAgainAt - nanos.getAsLong()));
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(idle.isNegative() ? Duration.ZERO : idle);
            lease.renew();
            return polled;
        } catch (LogTruncationException e) {
            List<TopicPartition> other =
                    e.partitions().stream().filter(this::ofAnotherTopic).toList();
            if (!other.isEmpty()) {
                reopen(other);
                return ConsumerRecords.empty();
            }
            throw new ConsumerStoppedException(
                    "the log of " + e.partitions()
                            + " was cut below the committed offset since that was committed, and its offsets mean other records"
                            + " now. Compare what is stored with the log, and set the group's offset to where reading shall go on",
                    e);
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::outOfRange);
        } catch (AuthorizationException | RetriableException e) {
            pollAgainAt = nanos.getAsLong() + DENIED_PAUSE_NANOS;
            LOG.warn("Kafka refuses to be read for now; asking again", e);
        }
        return ConsumerRecords.empty();
    }

    /** Records below the log's beginning were deleted by retention; beyond its end none can have been settled. */
    private void outOfRange(TopicPartition partition, long offset) {
        if (ofAnotherTopic(partition)) {
            reopen(List.of(partition));
            return;
        }
        long beginning = Objects.requireNonNull(
                consumer.beginningOffsets(Set.of(partition), END_OF_LOG_TIMEOUT).get(partition));
        if (offset > beginning) {
            throw new ConsumerStoppedException("offset " + offset + " of " + partition
                    + " is beyond the end of the log: the log was cut, or the topic recreated. Set the group's offset"
                    + " to where reading shall go on");
        }
        LOG.error(
                "records {} to {} of {} were deleted by retention before they were read; going on at {}",
                offset,
                beginning - 1,
                partition,
                beginning);
        consumer.seek(partition, beginning);
    }

    private int take(ConsumerRecords<byte[], byte[]> polled) {
        long now = nanos.getAsLong();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> next :
                polled.nextOffsets().entrySet()) {
            Line line = assignment.line(next.getKey());
            if (line != null) {
                List<ConsumerRecord<byte[], byte[]>> records = polled.records(next.getKey());
                line.take(records, next.getValue().offset(), now);
            }
        }
        return polled.count();
    }

    private List<Outcome> workersReport(Duration wait) {
        try {
            return workers.take(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConsumerStoppedException("the consumer's thread was interrupted", e);
        }
    }

    /** Takes every outcome of the list, even if one of them stops the consumer; how many may let something start. */
    private int settle(List<Outcome> outcomes) {
        long now = nanos.getAsLong();
        int wakes = 0;
        for (Outcome outcome : outcomes) {
            Line line = outcome.line();
            wakes += outcome.wakes() ? 1 : 0;
            if (outcome.endsJob()) {
                workers.ended(line.tenure());
            }
            line.heard(outcome);
            if (line.tenure().active()) {
                settle(line, outcome, now);
            }
        }
        Throwable fatal = workers.fatal();
        if (fatal != null && stopped == null) {
            stopped = new ConsumerStoppedException(
                    "a worker died of " + fatal.getClass().getName(), fatal);
        }
        Throwable broken = office.broken();
        if (broken != null && stopped == null) {
            stopped = new ConsumerStoppedException(
                    "the thread that stores dead letters died of "
                            + broken.getClass().getName(),
                    broken);
        }
        return wakes;
    }

    private void settle(Line line, Outcome outcome, long now) {
        try {
            line.settle(outcome, now);
            if (outcome instanceof Outcome.Done
                    || outcome instanceof Outcome.Acknowledged
                    || outcome instanceof Outcome.Forwarded) {
                committer.settled();
            }
        } catch (ConsumerStoppedException e) {
            stopped = stopped == null ? e : stopped;
        }
    }

    private void reopen() {
        List<TopicPartition> again = new ArrayList<>();
        for (Line line : assignment.lines()) {
            if (line.wantsRecordsAgain()) {
                again.add(line.tenure().partition());
            }
        }
        reopen(again);
    }

    private void reopen(List<TopicPartition> again) {
        if (!again.isEmpty()) {
            rebalancer.reopen(again);
        }
    }

    /** Whether a partition is of another topic than its position, or of none; then it is to be opened again. */
    private boolean ofAnotherTopic(TopicPartition partition) {
        Line line = assignment.line(partition);
        if (line == null) {
            return false;
        }
        try {
            UUID id = topics.ids(Set.of(partition.topic())).get(partition.topic());
            return !line.tenure().topicId().equals(id);
        } catch (ConsumerStartException | KafkaException e) {
            LOG.warn("it cannot be told now which topic {} is; asking again", partition.topic(), e);
            pollAgainAt = nanos.getAsLong() + DENIED_PAUSE_NANOS;
            return true;
        }
    }

    private void stopIfSaid() {
        if (stopped != null) {
            throw stopped;
        }
    }

    /** Takes outcomes of lines that start nothing new. Letters are not waited for while their topic is down. */
    private void drain(Collection<Line> lines, Duration timeout) {
        long deadline = nanos.getAsLong() + timeout.toNanos();
        for (Line line : lines) {
            line.tenure().stopStarting();
            workers.withdraw(line.tenure());
        }
        while (lines.stream().anyMatch(line -> office.outage() ? line.tenure().running() > 0 : line.inFlight() > 0)
                && nanos.getAsLong() - deadline < 0
                && !late()) {
            settle(workersReport(SHORT_WAIT));
        }
    }

    /** Leaves the group and joins again: what an earlier membership has sent cannot be committed from then on. */
    private void rejoin() {
        LOG.warn("a commit got no answer and may still arrive; leaving the group and joining again");
        consumer.unsubscribe();
        subscribe();
    }

    /** Has it end by then, or sooner if that was said before; any thread. */
    CloseTimes endBy(CloseTimes times) {
        return Objects.requireNonNull(ending.updateAndGet(before -> before == null ? times : before.sooner(times)));
    }

    /** Whether what runs is no longer waited for. */
    private boolean late() {
        CloseTimes times = ending.get();
        return times != null && nanos.getAsLong() - times.work() >= 0;
    }

    /**
     * Ends in good order: what is open is finished and committed, in the time there is. What then still runs is
     * interrupted.
     *
     * @return how many records were left in flight; 0 where nothing is left and all is committed
     */
    int finish(CloseTimes wanted) {
        endBy(wanted);
        flow.stop(assignment.lines());
        for (Line line : assignment.lines()) {
            line.finish();
            if (!line.tenure().starting()) {
                workers.withdraw(line.tenure());
            }
        }
        int work = 1;
        while (!late() && !finished()) {
            work = finishing(work);
        }
        CloseTimes times = endBy(wanted);
        int left = finished() ? 0 : interrupt(times.interrupted());
        left += strays() + assignment.lines().stream().mapToInt(Line::abandoned).sum();
        boolean committed = committer.commitNow(
                assignment.lines(), CloseTimes.rest(times.commit(), nanos.getAsLong(), LEAST_COMMIT));
        over = true;
        return left + (committed ? 0 : 1);
    }

    private boolean finished() {
        return assignment.lines().stream().allMatch(PollLoop::finished) && strays() == 0;
    }

    /** Jobs that run for partitions that went meanwhile. */
    private int strays() {
        return workers.running()
                - assignment.lines().stream()
                        .mapToInt(line -> line.tenure().running())
                        .sum();
    }

    /**
     * Interrupts what runs. What ends well all the same counts; how the rest fails says nothing about its records, which
     * are delivered again.
     *
     * @return how many records failed
     */
    private int interrupt(long until) {
        LOG.warn(
                "the time of the close is over and {} handlers or sinks still run: they are interrupted, and what they"
                        + " were given is delivered again",
                workers.running());
        workers.close();
        long last = Math.max(until, nanos.getAsLong() + LEAST_WAIT.toNanos());
        int failed = 0;
        while (workers.running() > 0 && nanos.getAsLong() - last < 0) {
            for (Outcome outcome : workersReport(SHORT_WAIT)) {
                if (outcome instanceof Outcome.Failed || outcome instanceof Outcome.Dead) {
                    failed++;
                }
                if (outcome.mayBeOfInterrupt()) {
                    if (outcome.endsJob()) {
                        workers.ended(outcome.line().tenure());
                    }
                } else {
                    settle(List.of(outcome));
                }
            }
        }
        stopIfSaid();
        return failed;
    }

    /** What has to be read again is left to whoever comes next. */
    private static boolean finished(Line line) {
        return line.finished() || line.wantsRecordsAgain();
    }

    private int finishing(int before) {
        boolean wait = before == 0;
        int work = take(poll(0)) + settle(workersReport(wait ? SHORT_WAIT : Duration.ZERO));
        stopIfSaid();
        long now = nanos.getAsLong();
        work += assignment.start(now);
        work += committer.maybeCommit(assignment.lines(), now) ? 1 : 0;
        flow.stop(assignment.lines());
        return work;
    }

    /** Gives up everything that is not committed, as a crash would. */
    void abandon() {
        rebalancer.onPartitionsLost(allPartitions());
    }

    private List<TopicPartition> allPartitions() {
        List<TopicPartition> all = new ArrayList<>(assignment.unread().keySet());
        assignment.lines().forEach(line -> all.add(line.tenure().partition()));
        return all;
    }

    /** Lets go of everything; the group gets the partitions. */
    void close() {
        CloseTimes times = endBy(CloseTimes.of(nanos.getAsLong(), CloseTimes.DEFAULT));
        health.draw();
        if (over) {
            rebalancer.letGo(allPartitions()); // all is committed that can be, and nothing is waited for again
        }
        try {
            Duration leave = rest(times);
            consumer.close(CloseOptions.timeout(leave.compareTo(LONGEST_LEAVE) < 0 ? leave : LONGEST_LEAVE));
        } catch (KafkaException e) {
            LOG.warn("the Kafka consumer did not close in good order", e);
        }
        workers.close();
        committer.close(rest(times));
        office.close(rest(times));
    }

    private Duration rest(CloseTimes times) {
        return CloseTimes.rest(times.end(), nanos.getAsLong(), LEAST_WAIT);
    }
}
