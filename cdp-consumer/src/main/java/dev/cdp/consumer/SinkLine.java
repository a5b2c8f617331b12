package dev.cdp.consumer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.cdp.consumer.Batch.Stage;
import dev.cdp.core.CdpException;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one partition on their way to a sink: judged as they come, and sealed into one planned batch at a time.
 *
 * <p>The order is the whole point: the plan is committed, then the dead letters are acknowledged, then the sink writes,
 * then the end of the batch is committed. Whoever resumes from a plan writes the same batch again.
 */
final class SinkLine implements Line {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLine.class);

    /** Rejections of validated events above this share of a batch are the store's doing: an outage, which ends with it. */
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
    /** Whether the open batch is to be read again, once its plan is committed. */
    private boolean again;

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
        this.gathering = new Gathering(work.sink(), work.limits());
        this.tally = new Tally(tenure.partition(), work.listeners());
        Batch.Past past = work.pasts().remove(tenure.partition());
        if (inherited.open()) {
            gathering.plan(inherited.end(), Batch.Past.of(inherited, past));
        }
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
        int before = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Entry entry = new Entry(record);
            long unused = entry.weigh();
            before += gathering.add(entry, now) ? 0 : 1;
        }
        tally.read(records.size() - before);
        tally.deadLetteredBefore(before);
        position = Math.max(position, next);
    }

    @Override
    public void weigh(long now) {
        // All are weighed as they come.
    }

    @Override
    public boolean start(long now) {
        if (again || !tenure.mayStart()) {
            return false;
        }
        if (open == null && !finishing) {
            open = seal(now);
        }
        boolean began = open != null && advance(open, now);
        return (!finishing && judge(gathering.forming(), now)) || began;
    }

    private boolean advance(Batch batch, long now) {
        return switch (batch.stage()) {
            case FORMING -> judge(batch, now);
            case JUDGED -> sendLetters(batch);
            case LETTERS_SENT -> write(batch, now);
            case WRITING -> false;
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
            Batch batch = gathering.next(now);
            requireSameLog(plan, batch.epoch());
            return seal(batch, plan, true);
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
        Batch batch = gathering.next(now);
        long end = gathering.isEmpty() ? position : batch.lastOffset() + 1;
        return seal(batch, work.plan(tenure, settled, end, batch.epoch()), false);
    }

    /** A log that was cut and has grown again has other records at the plan's offsets, of a later leader. */
    private void requireSameLog(Envelope plan, int found) {
        if (plan.epoch() != Envelope.NO_EPOCH && found > plan.epoch()) {
            throw new ConsumerStoppedException("batch [" + plan.first() + "," + plan.end() + ") of "
                    + tenure.partition() + " was planned from records of leader epoch " + plan.epoch()
                    + ", and the log has records of epoch " + found
                    + " there: it was cut after an unclean leader election and has grown again, so that the sink may"
                    + " hold rows of records that are gone. Compare them from offset " + plan.first()
                    + " on, and set the group's offset to where reading shall go on");
        }
    }

    private Batch seal(Batch batch, Envelope plan, boolean planned) {
        BatchId id = new BatchId(
                tenure.partition().topic(),
                tenure.topicId(),
                tenure.partition().partition(),
                plan.first(),
                plan.end(),
                plan.replay());
        batch.seal(id, plan, planned);
        return batch;
    }

    private boolean judge(Batch batch, long now) {
        if (!batch.wantsJudgement()
                || work.workers().free() <= 0
                || batch.notBefore() - now > 0
                || !registry.admits()) {
            return false;
        }
        List<Entry> entries = batch.toJudge();
        work.workers().submit(tenure, () -> work.judge(this, batch, entries));
        return true;
    }

    private boolean sendLetters(Batch batch) {
        if (!batch.planned() || work.gauge().tripped(tenure.partition())) {
            return false;
        }
        batch.takeFailures().forEach((entry, failure) -> {
            batch.letterSent();
            work.office().send(this, entry, failure);
        });
        batch.stage(Stage.LETTERS_SENT);
        return true;
    }

    private boolean write(Batch batch, long now) {
        if (!batch.planned() || batch.letters() > 0 || batch.notBefore() - now > 0) {
            return false;
        }
        if (batch.draft().size() == 0) {
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
        if (outcome instanceof Outcome.Judged judged) {
            if (judged.silence() == null) {
                registry.answered();
            } else {
                registry.silent(judged.silence());
            }
        } else if (outcome instanceof Outcome.Written) {
            sink.answered();
        } else if (outcome instanceof Outcome.Unwritten unwritten) {
            if (unwritten.thrown() instanceof EventsNeededException) {
                sink.answered();
            } else {
                sink.silent(unwritten.thrown());
            }
        }
    }

    @Override
    public void settle(Outcome outcome, long now) {
        if (outcome instanceof Outcome.Judged judged) {
            judged(judged, now);
            return;
        }
        Batch batch = open;
        if (batch == null) {
            throw new IllegalStateException("an outcome of " + tenure.partition() + ", which has no open batch");
        }
        if (outcome instanceof Outcome.Acknowledged acked) {
            batch.letterAcknowledged(acked.entry().offset());
            tally.deadLettered(acked.entry(), acked.failure());
        } else if (outcome instanceof Outcome.Written written) {
            work.outages().ended(this);
            written(batch, written.result(), now);
        } else if (outcome instanceof Outcome.Unwritten unwritten) {
            unwritten(batch, unwritten.thrown(), now);
        }
    }

    private void judged(Outcome.Judged found, long now) {
        Batch batch = found.batch();
        batch.judged(found);
        found.accepted().forEach((event, records) -> work.gauge().processed(tenure.partition(), event, records));
        found.failures().values().forEach(failure -> work.gauge().deadLettered(tenure.partition(), failure.event()));
        if (found.silence() != null) {
            wait(batch, found.silence(), now);
        }
    }

    private void written(Batch batch, SinkResult result, long now) {
        if (result.rejected().isEmpty()) {
            if (batch.timesFailed() == 0) {
                gathering.grow();
            }
            stored(batch, batch.draft().size());
        } else {
            rejected(batch, result.rejected(), now);
        }
    }

    private void stored(Batch batch, int rows) {
        open = null;
        settled = batch.plan().end();
        epoch = batch.lastBefore(settled);
        batch.passed().forEach(tally::ignored);
        tally.stored(batch.id(), rows);
    }

    /**
     * Nothing is stored. The rejected offsets go into the plan first, then to the dead letters, and the rest is written
     * again; what is needed for both is not held on to while all goes well, so it is read again.
     */
    private void rejected(Batch batch, List<SinkResult.Rejection> rejections, long now) {
        SortedSet<Long> found = new TreeSet<>(batch.plan().found());
        Map<Long, SinkResult.Rejection> reasons = new HashMap<>();
        for (SinkResult.Rejection rejection : rejections) {
            if (rejection.offset() < batch.plan().first()
                    || rejection.offset() >= batch.plan().end()
                    || !found.add(rejection.offset())) {
                throw new ConsumerStoppedException(
                        "the sink rejects offset " + rejection.offset() + " of " + batch + ", which it was not given");
            }
            reasons.put(rejection.offset(), rejection);
        }
        int most = Math.max(FEW_REJECTED, batch.rows() * MAX_REJECTED_PERCENT / 100);
        Envelope plan = batch.plan().withFound(found);
        if (found.size() > most || !plan.fits()) {
            unwritten(
                    batch,
                    new EventsRefusedException("the sink rejects " + found.size() + " of " + batch.rows()
                            + " valid events of " + batch + ", above " + most + ", the last of them because "
                            + rejections.get(rejections.size() - 1).message()
                            + ": its table has drifted from the catalog; compare them and migrate, loading goes on by"
                            + " itself then"),
                    now);
            return;
        }
        batch.replan(plan);
        readAgain(batch, reasons);
    }

    private void readAgain(Batch batch, Map<Long, SinkResult.Rejection> rejections) {
        Map<Long, SinkResult.Rejection> known = new HashMap<>(rejections);
        if (batch.past() != null) {
            known.putAll(batch.past().rejections());
        }
        work.pasts().put(tenure.partition(), new Batch.Past(batch.plan(), known, batch.lettered()));
        again = true;
    }

    private void unwritten(Batch batch, Throwable thrown, long now) {
        if (thrown instanceof CdpException cdp && !cdp.retryable()) {
            throw new ConsumerStoppedException(
                    "the sink cannot store " + batch.id() + " and says that no retry will help: " + thrown.getMessage(),
                    thrown);
        }
        if (thrown instanceof EventsNeededException && batch.past() == null) {
            LOG.info("reading {} again: {}", batch, thrown.getMessage());
            readAgain(batch, Map.of());
            return;
        }
        if (thrown instanceof BatchTooLargeException) {
            BatchLimits next = gathering.shrink(batch.rows(), batch.bytes());
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
                batch,
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
    public boolean wantsRecordsAgain() {
        return again && open != null && open.planned();
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
        return waits || gathering.full() ? Appetite.FULL : Appetite.HUNGRY;
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

    /** Of the batch that forms nothing has left the process, even while a worker judges it. */
    @Override
    public int abandoned() {
        return open == null ? 0 : open.pending();
    }

    @Override
    public int inFlight() {
        return tenure.running() + (open == null ? 0 : open.letters());
    }

    @Override
    public int buffered() {
        return gathering.pending() + (open == null ? 0 : open.pending());
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
