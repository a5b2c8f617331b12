package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.cdp.consumer.Batch.Stage;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.CdpException;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one partition on their way to a sink: gathered, then sealed into one planned batch at a time.
 *
 * <p>The order is the whole point: the plan is committed, then the dead letters are acknowledged, then the sink writes,
 * then the end of the batch is committed. Whoever resumes from a plan writes the same batch again.
 */
final class SinkLine implements Line {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLine.class);

    /** Rejections above this share of a batch mean that the table has drifted from the catalog. */
    private static final int MAX_REJECTED_PERCENT = 1;
    /** A small batch may have this many, whatever their share. */
    private static final int FEW_REJECTED = 10;

    private final Tenure tenure;
    private final SinkWork work;
    private final Circuit sink;
    private final Circuit registry;
    private final Gathering gathering;
    private final Tally tally;
    /** Everything before it is stored, dead-lettered or was never there. */
    private long settled;

    private long position;
    /** The leader epoch of the record right before {@code settled}; absent behind a gap, whose epoch nobody knows. */
    private Optional<Integer> epoch;

    /** A plan of a predecessor, until its records have come. */
    private @Nullable Envelope inherited;

    private @Nullable Batch open;
    private boolean finishing;

    /**
     * A line that begins at a committed offset.
     *
     * @param inherited the plan that the commit carries
     * @param epoch the leader epoch that the commit carries
     */
    SinkLine(Tenure tenure, Envelope inherited, Optional<Integer> epoch, SinkWork work) {
        this.tenure = tenure;
        this.work = work;
        this.sink = work.circuits().sink(tenure.partition().topic());
        this.registry = work.circuits().registry();
        this.settled = inherited.first();
        this.position = inherited.first();
        this.epoch = epoch;
        this.inherited = inherited.open() ? inherited : null;
        this.gathering = new Gathering(work.limits());
        this.tally = new Tally(tenure.partition(), work.listeners());
    }

    @Override
    public Tenure tenure() {
        return tenure;
    }

    @Override
    public long mustReach() {
        return inherited == null ? settled : inherited.end();
    }

    @Override
    public void take(List<ConsumerRecord<byte[], byte[]>> records, long next, long now) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Entry entry = new Entry(record);
            long unused = entry.weigh();
            gathering.add(entry, now);
        }
        tally.read(records.size());
        position = Math.max(position, next);
    }

    @Override
    public void weigh(long now) {
        // All are weighed as they come.
    }

    @Override
    public boolean start(long now) {
        if (open == null && !finishing && tenure.mayStart()) {
            open = seal(now);
        }
        Batch batch = open;
        if (batch == null || !tenure.mayStart()) {
            return false;
        }
        return switch (batch.stage()) {
            case SEALED -> judge(batch, now);
            case JUDGED -> sendLetters(batch);
            case LETTERS_SENT -> write(batch, now);
            case IN_JUDGEMENT, WRITING -> false;
        };
    }

    /** The next batch, if its records are there: the inherited one exactly as it was planned, else by today's limits. */
    private @Nullable Batch seal(long now) {
        Envelope plan = inherited;
        if (plan != null) {
            if (position < plan.end()) {
                return null;
            }
            inherited = null;
            List<Entry> entries = gathering.until(plan.end(), now);
            requireSameLog(plan, entries);
            Batch batch = batch(plan, entries, Batch.Origin.INHERITED);
            batch.planCommitted();
            return batch;
        }
        if (gathering.isEmpty()) {
            // Nothing but gaps: compacted records or transaction markers.
            if (settled != position) {
                settled = position;
                epoch = Optional.empty();
            }
            return null;
        }
        if (!gathering.due(now)) {
            return null;
        }
        List<Entry> entries = gathering.next(now);
        long end =
                gathering.isEmpty() ? position : entries.get(entries.size() - 1).offset() + 1;
        return batch(work.plan(tenure, settled, end, epoch(entries)), entries, Batch.Origin.OWN);
    }

    /** The greatest leader epoch of records. */
    private static int epoch(List<Entry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.record().leaderEpoch().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(Envelope.NO_EPOCH);
    }

    /** A log that was cut and has grown again has other records at the plan's offsets, of a later leader. */
    private void requireSameLog(Envelope plan, List<Entry> entries) {
        int found = epoch(entries);
        if (plan.epoch() != Envelope.NO_EPOCH && found > plan.epoch()) {
            throw new ConsumerStoppedException("batch [" + plan.first() + "," + plan.end() + ") of "
                    + tenure.partition() + " was planned from records of leader epoch " + plan.epoch()
                    + ", and the log has records of epoch " + found
                    + " there: it was cut after an unclean leader election and has grown again, so that the sink may"
                    + " hold rows of records that are gone. Compare them from offset " + plan.first()
                    + " on, and set the group's offset to where reading shall go on");
        }
    }

    private Batch batch(Envelope plan, List<Entry> entries, Batch.Origin origin) {
        BatchId id = new BatchId(
                tenure.partition().topic(),
                tenure.topicId(),
                tenure.partition().partition(),
                plan.first(),
                plan.end(),
                plan.replay());
        return new Batch(id, entries, plan, origin);
    }

    private boolean judge(Batch batch, long now) {
        if (work.workers().free() <= 0 || batch.notBefore() - now > 0 || !registry.admits()) {
            return false;
        }
        batch.stage(Stage.IN_JUDGEMENT);
        work.workers().submit(tenure, () -> work.judge(this, batch));
        return true;
    }

    private boolean sendLetters(Batch batch) {
        if (!batch.planned() || work.gauge().tripped(tenure.partition())) {
            return false;
        }
        SortedMap<Long, Failure> failures = batch.failures();
        for (Entry entry : batch.entries()) {
            Failure failure = failures.remove(entry.offset());
            if (failure != null) {
                batch.letterSent();
                work.office().send(this, entry, failure);
            }
        }
        batch.stage(Stage.LETTERS_SENT);
        return true;
    }

    private boolean write(Batch batch, long now) {
        if (!batch.planned() || batch.letters() > 0 || batch.notBefore() - now > 0) {
            return false;
        }
        if (batch.events().isEmpty()) {
            stored(batch, 0);
            return true;
        }
        if (work.workers().free() <= 0 || !sink.admits()) {
            return false;
        }
        batch.stage(Stage.WRITING);
        work.workers().submit(tenure, () -> work.write(this, batch));
        return true;
    }

    @Override
    public void heard(Outcome outcome) {
        if (outcome instanceof Outcome.Judged) {
            registry.answered();
        } else if (outcome instanceof Outcome.Unjudged unjudged) {
            registry.silent(unjudged.thrown());
        } else if (outcome instanceof Outcome.Written) {
            sink.answered();
        } else if (outcome instanceof Outcome.Unwritten unwritten) {
            sink.silent(unwritten.thrown());
        }
    }

    @Override
    public void settle(Outcome outcome, long now) {
        Batch batch = open;
        if (batch == null) {
            throw new IllegalStateException("an outcome of " + tenure.partition() + ", which has no open batch");
        }
        if (outcome instanceof Outcome.Judged judged) {
            batch.contents(judged.events(), judged.failures());
            batch.passed(judged.passed());
            batch.stage(Stage.JUDGED);
            gauge(judged);
        } else if (outcome instanceof Outcome.Unjudged unjudged) {
            batch.stage(Stage.SEALED);
            wait(batch, unjudged.thrown(), now);
        } else if (outcome instanceof Outcome.Acknowledged acked) {
            batch.letterAcknowledged();
            tally.deadLettered(acked.entry(), acked.failure());
        } else if (outcome instanceof Outcome.Written written) {
            work.outages().ended(this);
            written(batch, written.result());
        } else if (outcome instanceof Outcome.Unwritten unwritten) {
            unwritten(batch, unwritten.thrown(), now);
        }
    }

    private void gauge(Outcome.Judged judged) {
        judged.events()
                .forEach(event -> work.gauge()
                        .processed(tenure.partition(), event.attributes().type()));
        judged.failures().values().forEach(failure -> work.gauge().deadLettered(tenure.partition(), failure.event()));
    }

    private void written(Batch batch, SinkResult result) {
        if (result.rejected().isEmpty()) {
            if (batch.timesFailed() == 0) {
                gathering.grow();
            }
            stored(batch, batch.events().size());
        } else {
            rejected(batch, result.rejected());
        }
    }

    private void stored(Batch batch, int rows) {
        open = null;
        settled = batch.plan().end();
        epoch = batch.lastBefore(settled);
        batch.passed().forEach(tally::ignored);
        tally.stored(batch.id(), rows);
    }

    /** Nothing is stored: the rejected offsets go into the plan first, then to the dead letters, then the rest again. */
    private void rejected(Batch batch, List<SinkResult.Rejection> rejections) {
        SortedSet<Long> found = new TreeSet<>(batch.plan().found());
        SortedMap<Long, Failure> failures = new TreeMap<>();
        for (SinkResult.Rejection rejection : rejections) {
            found.add(rejection.offset());
            failures.put(rejection.offset(), failure(batch, rejection));
        }
        int most = Math.max(FEW_REJECTED, batch.entries().size() * MAX_REJECTED_PERCENT / 100);
        Envelope plan = batch.plan().withFound(found);
        if (found.size() > most || !plan.fits()) {
            throw new ConsumerStoppedException("the sink rejects " + found.size() + " of "
                    + batch.entries().size()
                    + " valid events of " + batch.id() + ", above " + most
                    + ": its table has drifted from the catalog; compare them, migrate, and start again");
        }
        List<SinkEvent> rest = new ArrayList<>(batch.events());
        if (!rest.removeIf(event -> failures.containsKey(event.offset()))) {
            throw new ConsumerStoppedException(
                    "the sink rejects offsets of " + batch.id() + " that it was not given: " + failures.keySet());
        }
        batch.contents(rest, failures);
        batch.replan(plan);
        batch.stage(Stage.JUDGED);
    }

    private static Failure failure(Batch batch, SinkResult.Rejection rejection) {
        String event = batch.events().stream()
                .filter(candidate -> candidate.offset() == rejection.offset())
                .map(candidate -> candidate.attributes().type())
                .findFirst()
                .orElse("");
        ValidationReport report =
                ValidationReport.of(new Violation(rejection.path(), Violation.COLUMN, rejection.message()));
        return Failure.refusedBySink(rejection.reason(), event, report);
    }

    private void unwritten(Batch batch, Throwable thrown, long now) {
        if (thrown instanceof CdpException cdp && !cdp.retryable()) {
            throw new ConsumerStoppedException(
                    "the sink cannot store " + batch.id() + " and says that no retry will help: " + thrown.getMessage(),
                    thrown);
        }
        if (thrown instanceof BatchTooLargeException) {
            BatchLimits next = gathering.shrink(batch.entries().size(), batch.bytes());
            LOG.warn("{} is too large for the sink; the next ones are made by {}", batch.id(), next);
        }
        batch.stage(Stage.LETTERS_SENT);
        work.outages().began(this, thrown);
        wait(batch, thrown, now);
    }

    private void wait(Batch batch, Throwable thrown, long now) {
        batch.failed(now + Backoff.nanos(batch.timesFailed() + 1, work.random()));
        LOG.warn(
                "{} found no answer at attempt {}; the same batch is tried again until it does",
                batch.id(),
                batch.timesFailed(),
                thrown);
    }

    @Override
    public long frontier() {
        return settled;
    }

    /** Every commit at {@code settled} repeats its plan. */
    @Override
    public OffsetAndMetadata committable() {
        return new OffsetAndMetadata(settled, epoch, plan().text());
    }

    private Envelope plan() {
        if (open != null) {
            return open.plan();
        }
        return inherited != null ? inherited : work.plan(tenure, settled);
    }

    @Override
    public List<Settlement> settlements(OffsetAndMetadata commit) {
        return List.of();
    }

    @Override
    public boolean holdsOutputs() {
        return false;
    }

    @Override
    public Set<String> awaitedTopics() {
        return Set.of();
    }

    @Override
    public void committed(OffsetAndMetadata acknowledged) {
        if (open != null
                && acknowledged.offset() == open.plan().first()
                && acknowledged.metadata().equals(open.plan().text())) {
            open.planCommitted();
        }
    }

    @Override
    public void metadataRefused() {
        throw new ConsumerStoppedException("the broker refuses the plan of " + tenure.partition() + ", of "
                + plan().text().length() + " characters: raise its offset.metadata.max.bytes to the default of "
                + SettledRuns.MAX_LENGTH);
    }

    @Override
    public boolean waitsForCommit() {
        return open != null && !open.planned();
    }

    @Override
    public Appetite appetite() {
        if (inherited != null) {
            return Appetite.STARVING;
        }
        boolean waits = open != null && !(sink.closed() && registry.closed());
        return waits || gathering.enough() ? Appetite.FULL : Appetite.HUNGRY;
    }

    @Override
    public void hurry() {
        gathering.hurry();
    }

    @Override
    public void finish() {
        finishing = true;
    }

    @Override
    public boolean finished() {
        return open == null;
    }

    @Override
    public int inFlight() {
        return tenure.running() + (open == null ? 0 : open.letters());
    }

    @Override
    public int buffered() {
        return gathering.rows() + (open == null ? 0 : open.entries().size() - open.lettersStored());
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public long bufferedBytes() {
        return gathering.bytes() + (open == null ? 0 : open.bytes());
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long dueIn(long now) {
        Batch batch = open;
        if (batch == null) {
            return inherited != null ? Long.MAX_VALUE : gathering.dueIn(now);
        }
        return batch.stage() == Stage.LETTERS_SENT && batch.letters() == 0 && sink.closed()
                ? Math.max(0, batch.notBefore() - now)
                : Long.MAX_VALUE;
    }
}
