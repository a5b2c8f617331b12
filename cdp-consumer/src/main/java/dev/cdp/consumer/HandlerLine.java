package dev.cdp.consumer;

import java.util.List;
import java.util.random.RandomGenerator;

import dev.cdp.consumer.Outcome.Turn;
import dev.cdp.consumer.dlq.Failure;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of one partition on their way to handlers: a ledger of what is settled, and lanes of what is not. */
final class HandlerLine implements Line {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerLine.class);

    /** Dead letters that may be on their way while the line goes on. */
    private static final int MAX_LETTERS = 256;

    private final Tenure tenure;
    private final Attempt.Handling handling;
    private final DeadLetterOffice office;
    private final Workers workers;
    private final Listeners listeners;
    private final RandomGenerator random;
    private final int maxRecords;
    private final OffsetLedger ledger;
    private final Lanes lanes = Lanes.ofPartition();
    private int letters;

    HandlerLine(
            Tenure tenure,
            long position,
            Attempt.Handling handling,
            DeadLetterOffice office,
            Workers workers,
            Listeners listeners,
            RandomGenerator random,
            int maxRecords) {
        this.tenure = tenure;
        this.ledger = new OffsetLedger(position);
        this.handling = handling;
        this.office = office;
        this.workers = workers;
        this.listeners = listeners;
        this.random = random;
        this.maxRecords = maxRecords;
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
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ledger.open(record.offset());
            lanes.enqueue(new Entry(record));
        }
        ledger.advance(position);
    }

    @Override
    public boolean start(long now) {
        if (!workers.free() || !tenure.mayStart() || letters >= MAX_LETTERS || (letters > 0 && office.outage())) {
            return false;
        }
        List<Entry> run = lanes.next(now);
        if (run == null) {
            return false;
        }
        workers.submit(tenure, new Attempt(this, run, handling, workers));
        return true;
    }

    @Override
    public void settle(Outcome outcome, long now) {
        long notBefore = now;
        if (outcome instanceof Outcome.Done done) {
            lanes.remove(done.entry());
            ledger.complete(done.entry().offset());
            tell(done);
        } else if (outcome instanceof Outcome.Dead dead) {
            lanes.remove(dead.entry());
            letters++;
            office.send(this, dead.entry(), dead.failure());
        } else if (outcome instanceof Outcome.Retry retry) {
            notBefore = retryAt(retry, now);
        } else if (outcome instanceof Outcome.Acknowledged acked) {
            letters--;
            ledger.complete(acked.entry().offset());
            tell(acked.entry(), acked.failure());
        }
        if (outcome instanceof Outcome.OfRecord ofRecord && ofRecord.turn() == Turn.ENDS) {
            lanes.free(ofRecord.entry(), notBefore, now);
        }
    }

    private long retryAt(Outcome.Retry retry, long now) {
        Entry entry = retry.entry();
        LOG.warn(
                "{} of {} failed at attempt {} of {} ({})",
                entry.delivery(),
                retry.event(),
                entry.attempts() + 1,
                handling.retry().maxAttempts(),
                retry.thrown().getClass().getName());
        listeners.tell(listener -> listener.retried(entry.delivery(), retry.event(), retry.thrown()));
        entry.attempted();
        return now + handling.retry().delayNanos(entry.attempts(), random);
    }

    private void tell(Outcome.Done done) {
        Delivery delivery = done.entry().delivery();
        if (done.ignored() != null) {
            ConsumerListener.Ignored why = done.ignored();
            listeners.ignored(delivery, why);
            return;
        }
        if (done.tolerated() != null) {
            dev.cdp.core.validation.ValidationReport report = done.tolerated();
            listeners.tell(listener -> listener.tolerated(delivery, done.event(), report));
        }
        listeners.processed(delivery, done.event());
    }

    private void tell(Entry entry, Failure failure) {
        listeners.deadLettered(entry.delivery(), failure);
    }

    @Override
    public OffsetAndMetadata committable() {
        return new OffsetAndMetadata(ledger.committable());
    }

    @Override
    public void committed(OffsetAndMetadata acknowledged) {
        // A handler waits for no commit.
    }

    @Override
    public boolean waitsForCommit() {
        return false;
    }

    @Override
    public Appetite appetite() {
        return lanes.records() >= maxRecords || ledger.unsettled() >= maxRecords + MAX_LETTERS
                ? Appetite.FULL
                : Appetite.HUNGRY;
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
    public int inFlight() {
        return tenure.running() + letters;
    }

    @Override
    public int buffered() {
        return ledger.unsettled();
    }

    @Override
    public long bufferedBytes() {
        return lanes.bytes();
    }

    @Override
    public long position() {
        return ledger.position();
    }

    @Override
    public long dueIn(long now) {
        return lanes.dueIn(now);
    }
}
