package dev.cdp.consumer;

import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;

import dev.cdp.consumer.Outcome.Turn;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.validation.ValidationReport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of one partition on their way to handlers: a ledger of what is settled, and lanes of what is not. */
final class HandlerLine implements Line {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerLine.class);

    /** Dead letters that may be on their way while the line goes on. */
    private static final int MAX_LETTERS = 256;
    /** How far lanes may run ahead of one that is held up. */
    private static final int MAX_AHEAD = 50_000;

    private final Tenure tenure;
    private final HandlerWork work;
    private final @Nullable RetryTopics retryTopics;
    private final Circuit handlers;
    private final Circuit registry;
    private final OffsetLedger ledger;
    private final Lanes lanes;
    /** Done, and waiting for the transaction that commits them. */
    private final Settlements settlements = new Settlements();

    private final Tally tally;
    /** Settled by a predecessor, beyond the offset that this line began at. */
    private final SettledRuns inherited;

    private int letters;
    private long letterBytes;
    /** It had enough, and half of that is still there: pausing and resuming at every record would cost more. */
    private boolean full;

    private int longestMetadata = SettledRuns.MAX_LENGTH;

    HandlerLine(Tenure tenure, Restorer.Start start, HandlerWork work) {
        this.tenure = tenure;
        this.work = work;
        this.ledger = new OffsetLedger(start.offset());
        this.lanes = new Lanes(work.ordering(), work.handling().handlers().longestRun(), new Scale(work.random()));
        this.tally = new Tally(tenure.partition(), work.listeners());
        this.retryTopics = work.retryTopics();
        String topic = tenure.partition().topic();
        this.handlers = work.circuits().handlers(retryTopics == null ? topic : retryTopics.source(topic));
        this.registry = work.circuits().registry();
        this.inherited = inherited(start.committed());
    }

    /** What the commit's metadata says, if it is of this group and topic and was not moved by another tool. */
    private SettledRuns inherited(@Nullable OffsetAndMetadata committed) {
        SettledRuns none = settled(new TreeMap<>());
        try {
            SettledRuns found = committed == null ? none : SettledRuns.parse(committed.metadata());
            boolean ours = found.group().equals(none.group())
                    && found.topicId().equals(none.topicId())
                    && found.first() == none.first();
            return ours ? found : none;
        } catch (CommitText.UnreadableException e) {
            return none;
        }
    }

    private SettledRuns settled(NavigableMap<Long, Long> runs) {
        return new SettledRuns(work.groupHash(), tenure.topicId(), ledger.committable(), runs);
    }

    @Override
    public Tenure tenure() {
        return tenure;
    }

    @Override
    public long mustReach() {
        return ledger.committable();
    }

    @Override
    public void take(List<ConsumerRecord<byte[], byte[]>> records, long position, long now) {
        int read = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ledger.open(record.offset());
            if (inherited.contains(record.offset())) {
                ledger.complete(record.offset());
            } else {
                Entry entry = retryTopics == null ? new Entry(record) : retryTopics.entry(record, now);
                lanes.enqueue(entry, entry.notBefore(now), now);
                read++;
            }
        }
        tally.read(read);
        ledger.advance(position);
    }

    @Override
    public void weigh(long now) {
        lanes.weigh(now);
    }

    @Override
    public boolean start(long now) {
        int free =
                lanes.quick() ? work.workers().freeWhenQuick() : work.workers().free();
        if (free <= 0 || held() || letters >= MAX_LETTERS || !lanes.ready(now)) {
            return false;
        }
        boolean probe = !handlers.closed() || !registry.closed();
        if (!admitted()) {
            return false;
        }
        Lanes.Run run = probe ? lanes.one(now) : lanes.next(now, free);
        if (run == null) {
            throw new IllegalStateException("no lane of " + tenure.partition() + " is ready");
        }
        work.workers().submit(tenure, new Attempt(this, run, work.handling(), work.workers()));
        return true;
    }

    private boolean admitted() {
        if (!handlers.admits()) {
            return false;
        }
        if (!registry.admits()) {
            handlers.untried();
            return false;
        }
        return true;
    }

    /** Whether nothing may start, for a reason that no lane's time changes. */
    private boolean held() {
        return !tenure.mayStart()
                || work.gauge().tripped(tenure.partition())
                || (letters > 0 && work.office().outage());
    }

    @Override
    public void heard(Outcome outcome) {
        if (outcome instanceof Outcome.Untried) {
            handlers.untried();
            registry.untried();
        } else if (outcome instanceof Outcome.Failed failed && failed.meaning() == ErrorClass.OUTAGE) {
            if (failed.ofRegistry()) {
                registry.silent(failed.thrown());
                handlers.untried();
            } else {
                handlers.silent(failed.thrown());
                registry.answered();
            }
        } else if (outcome instanceof Outcome.OfRecord) {
            handlers.answered();
            registry.answered();
        }
    }

    @Override
    public void settle(Outcome outcome, long now) {
        long notBefore = now;
        if (outcome instanceof Outcome.Done done) {
            lanes.remove(done.entry());
            ledger.complete(done.entry().offset());
            work.gauge().processed(tenure.partition(), done.event());
            if (done.outputs().isEmpty()) {
                tell(done);
            } else {
                settlements.put(new Settlement.Outputs(this, done));
            }
        } else if (outcome instanceof Outcome.Dead dead) {
            bury(dead.entry(), dead.failure());
        } else if (outcome instanceof Outcome.Failed failed) {
            notBefore = failed(failed, now);
        } else if (outcome instanceof Outcome.Acknowledged acked) {
            letters--;
            letterBytes -= acked.entry().size();
            ledger.complete(acked.entry().offset());
            tally.deadLettered(acked.entry(), acked.failure());
        } else if (outcome instanceof Outcome.Forwarded forwarded) {
            letters--;
            letterBytes -= forwarded.entry().size();
            if (forwarded.refused()) {
                letter(forwarded.entry(), exhausted(forwarded.failed()));
            } else {
                ledger.complete(forwarded.entry().offset());
                tally.retried();
            }
        }
        if (outcome instanceof Outcome.OfRecord ofRecord && ofRecord.turn() == Turn.ENDS) {
            lanes.free(ofRecord.entry(), notBefore, now);
        }
    }

    private void bury(Entry entry, Failure failure) {
        remove(entry);
        letter(entry, failure);
    }

    /** Takes a record out of its lane that is held further on, with all its headers. */
    private void remove(Entry entry) {
        lanes.remove(entry);
        long unused = entry.weigh();
    }

    private static Failure exhausted(Outcome.Failed failed) {
        return Failure.thrown(DeadLetterReason.RETRIES_EXHAUSTED, failed.stage(), failed.event(), failed.thrown());
    }

    private void letter(Entry entry, Failure failure) {
        work.gauge().deadLettered(tenure.partition(), failure.event());
        if (work.transactional()) {
            ledger.complete(entry.offset());
            settle(entry, failure);
        } else {
            letters++;
            letterBytes += entry.size();
            work.office().send(this, entry, failure);
        }
    }

    /** A topic does not take what belongs to a record; false where nothing smaller can be sent in its place. */
    boolean tooLarge(Settlement guilty, String topic) {
        if (guilty instanceof Settlement.Letter letter) {
            if (!letter.pointer()) {
                settlements.put(letter.asPointer());
            }
            return !letter.pointer();
        }
        Failure failure = guilty instanceof Settlement.Waiting waiting
                ? exhausted(waiting.failed())
                : Failure.of(
                        DeadLetterReason.HANDLER_REJECTED,
                        "handle",
                        ((Settlement.Outputs) guilty).done().event(),
                        "an output of its handler is larger than topic " + topic
                                + " takes; make it smaller, or raise max.message.bytes there and max.request.size"
                                + " here");
        work.gauge().deadLettered(tenure.partition(), failure.event());
        settle(guilty.entry(), failure);
        return true;
    }

    /** By a dead letter, in the place of whatever was to settle the record before. */
    private void settle(Entry entry, Failure failure) {
        long unused = entry.weigh();
        settlements.put(new Settlement.Letter(this, entry, work.office().letter(entry, failure), false));
    }

    /** When the lane may go on: at once where the record is given up. */
    private long failed(Outcome.Failed failed, long now) {
        Entry entry = failed.entry();
        Delivery delivery = entry.delivery();
        if (failed.meaning() == ErrorClass.OUTAGE) {
            LOG.warn(
                    "{} waits: no answer ({})",
                    delivery,
                    failed.thrown().getClass().getName());
            return now + Backoff.nanos(entry.held(), work.random());
        }
        int attempt = entry.attempts() + 1;
        long delay = work.retry().delayNanos(attempt, work.random());
        if (work.retry().spent(attempt, entry.sinceFirstFailure(now) + delay)) {
            bury(entry, exhausted(failed));
            return now;
        }
        long failing = entry.sinceFirstFailure(now);
        entry.failed();
        LOG.warn(
                "{} of {} failed at attempt {} of {} ({})",
                delivery,
                failed.event(),
                attempt,
                work.retry().maxAttempts(),
                failed.thrown().getClass().getName());
        work.listeners().tell(listener -> listener.retried(delivery, failed.event(), failed.thrown()));
        if (retryTopics == null || !retryTopics.waitsFor(entry.record().topic())) {
            return now + delay; // in its lane, also one of a retry topic whose headers were not believed
        }
        forward(failed, retryTopics, delay, failing);
        return now;
    }

    /** Lets a record wait in its retry topic, so that nothing here waits with it. */
    private void forward(Outcome.Failed failed, RetryTopics topics, long delay, long failing) {
        Entry entry = failed.entry();
        remove(entry);
        IntFunction<ProducerRecord<byte[], byte[]>> record =
                partitions -> topics.record(entry, tenure.topicId(), delay, failing, partitions);
        String topic = topics.of(topics.source(entry.record().topic()));
        if (work.transactional()) {
            ledger.complete(entry.offset());
            settlements.put(new Settlement.Waiting(this, failed, topic, record));
        } else {
            letters++;
            letterBytes += entry.size();
            work.office().forward(this, failed, topic, record);
        }
    }

    private void tell(Outcome.Done done) {
        Entry entry = done.entry();
        ConsumerListener.Ignored ignored = done.ignored();
        if (ignored != null) {
            tally.ignored(entry, ignored);
            return;
        }
        ValidationReport tolerated = done.tolerated();
        if (tolerated != null) {
            Delivery delivery = entry.delivery();
            work.listeners().tell(listener -> listener.tolerated(delivery, done.event(), tolerated));
        }
        tally.processed(entry, done.event());
    }

    @Override
    public long frontier() {
        return Math.min(ledger.committable(), settlements.first());
    }

    /** With what is settled beyond the frontier, here and by a predecessor, so that a crash repeats none of it. */
    @Override
    public OffsetAndMetadata committable() {
        NavigableMap<Long, Long> ahead = ledger.ahead();
        inherited.runs().forEach((first, end) -> {
            if (end > ledger.position()) {
                ahead.put(Math.max(first, ledger.position()), end);
            }
        });
        return new OffsetAndMetadata(ledger.committable(), settled(ahead).text(longestMetadata));
    }

    @Override
    public List<Settlement> settlements(OffsetAndMetadata commit) {
        return settlements.isEmpty() ? List.of() : settlements.of(covered(commit));
    }

    /** The offsets that a commit says are settled: what did not fit into its metadata waits for a later one. */
    private LongPredicate covered(OffsetAndMetadata commit) {
        try {
            SettledRuns beyond = commit.metadata().isEmpty() ? null : SettledRuns.parse(commit.metadata());
            return offset -> offset < commit.offset() || (beyond != null && beyond.contains(offset));
        } catch (CommitText.UnreadableException e) {
            throw new IllegalStateException("a commit of our own cannot be read", e);
        }
    }

    @Override
    public boolean holdsOutputs() {
        return !settlements.isEmpty();
    }

    @Override
    public Set<String> awaitedTopics() {
        return settlements.topics();
    }

    @Override
    public void committed(OffsetAndMetadata acknowledged) {
        for (Settlement settlement : settlements(acknowledged)) {
            settlements.remove(settlement);
            if (settlement instanceof Settlement.Outputs outputs) {
                tell(outputs.done());
            } else if (settlement instanceof Settlement.Letter letter) {
                tally.deadLettered(letter.entry(), letter.letter().failure());
            } else {
                tally.retried();
            }
        }
    }

    @Override
    public void metadataRefused() {
        LOG.warn(
                "the broker refuses {} characters of metadata (offset.metadata.max.bytes); {} is committed without",
                longestMetadata,
                tenure.partition());
        longestMetadata = 0;
    }

    @Override
    public boolean wantsRecordsAgain() {
        return false;
    }

    @Override
    public boolean waitsForCommit() {
        return 2 * settlements.size() >= work.maxRecords();
    }

    @Override
    public Appetite appetite() {
        boolean answers = handlers.closed() && registry.closed();
        if (lanes.records() == 0 && letters == 0 && settlements.isEmpty()) {
            return answers || (handlers.probes() && registry.probes()) ? Appetite.HUNGRY : Appetite.FULL;
        }
        full = lanes.records() >= work.maxRecords() || (full && lanes.records() > work.maxRecords() / 2);
        boolean enough = full || buffered() >= work.maxRecords() + MAX_LETTERS || ledger.span() >= MAX_AHEAD;
        return enough || !answers || held() ? Appetite.FULL : Appetite.HUNGRY;
    }

    @Override
    public void hurry() {
        // Records of a lane never wait for others.
    }

    @Override
    public void finish() {
        tenure.stopStarting();
    }

    @Override
    public boolean finished() {
        return inFlight() == 0;
    }

    @Override
    public int abandoned() {
        return inFlight();
    }

    @Override
    public int inFlight() {
        return tenure.running() + letters;
    }

    @Override
    public int buffered() {
        return ledger.unsettled() + settlements.size();
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public long bufferedBytes() {
        return lanes.bytes() + letterBytes + settlements.bytes();
    }

    @Override
    public long position() {
        return ledger.position();
    }

    @Override
    public long dueIn(long now) {
        boolean waits = held() || !handlers.closed() || !registry.closed();
        return waits ? Long.MAX_VALUE : lanes.dueIn(now);
    }
}
