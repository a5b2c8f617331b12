package dev.cdp.producer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.CdpException;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.producer.PublishFailedException.Retry;
import dev.cdp.producer.Spool.Entry;
import dev.cdp.producer.WireEvidence.Mark;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every record into the spool, and sends what is there to Kafka in that order, on one thread. A record leaves the
 * spool when the broker has acknowledged it, or has refused it for good; whatever else goes wrong, it is sent again
 * before anything that follows. Thread-safe.
 */
final class SpoolSender implements Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolSender.class);
    private static final Duration FOREVER = Duration.ofDays(10_000);
    private static final long TRY_AGAIN = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long BACK_OFF = TimeUnit.MILLISECONDS.toNanos(500);
    private static final byte[] YES = "1".getBytes(StandardCharsets.UTF_8);

    private final Spool spool;
    private final SpoolSync sync;
    private final Producer<byte[], byte[]> kafka;
    private final PublishSession session;
    private final WireEvidence evidence;
    private final Thread sending = new Thread(this::run, "cdp-producer-spool");
    private final Thread forcing = new Thread(this::forceRegularly, "cdp-producer-spool-sync");
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean sendAgain = new AtomicBoolean();
    private volatile boolean stopping;
    /** Why nothing is sent. */
    private volatile Optional<String> problem = Optional.empty();

    private SpoolSender(Spool spool, SpoolSync sync, Producer<byte[], byte[]> kafka, PublishSession session) {
        this.spool = spool;
        this.sync = sync;
        this.kafka = kafka;
        this.session = session;
        this.evidence = new WireEvidence(kafka::metrics);
    }

    static SpoolSender start(SpoolOptions options, Producer<byte[], byte[]> kafka, PublishSession session) {
        SpoolSender sender = new SpoolSender(Spool.open(options), options.sync(), kafka, session);
        sender.sending.setDaemon(true);
        sender.sending.start();
        if (!options.sync().isEach()) {
            sender.forcing.setDaemon(true);
            sender.forcing.start();
        }
        return sender;
    }

    /** Nothing: events wait in the spool until the broker can tell. */
    @Override
    public void learn(String topic, Patience patience) {}

    /** Returns when the record is in the spool. */
    @Override
    public void send(ProducerRecord<byte[], byte[]> record, Pending pending, Patience patience) {
        byte[] frame = SpoolFrame.encode(record);
        if (!spool.canHold(frame)) {
            throw new PublishFailedException(
                    pending.event() + " was not sent: it needs " + frame.length
                            + " bytes, more than the whole spool; raise maxBytes of the spool",
                    Retry.WILL_NOT_HELP,
                    null);
        }
        Entry entry = append(frame, pending, patience);
        if (sync.isEach()) {
            force(entry, pending);
        }
    }

    private Entry append(byte[] frame, Pending pending, Patience patience) {
        try {
            Entry entry = spool.append(frame, pending, patience);
            if (entry == null) {
                throw new BufferFullException(pending.event() + " was not sent: the spool is full, with "
                        + state().waiting()
                        + " events that wait for the broker; publish slower, or raise maxBytes"
                        + " of the spool or maxBlock");
            }
            return entry;
        } catch (IOException e) {
            throw new PublishFailedException(
                    pending.event() + " was not sent: the spool could not be written ("
                            + e.getClass().getSimpleName() + "); look for space on its disk",
                    Retry.MAY_HELP,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailedException(
                    pending.event() + " was not sent: the publishing thread was interrupted while it waited for room",
                    Retry.MAY_HELP,
                    e);
        }
    }

    private void force(Entry entry, Pending pending) {
        try {
            spool.force(entry);
        } catch (IOException e) {
            pending.settleLater(
                    Outcome.UNCERTAIN,
                    null,
                    new PublishUncertainException(
                            pending.event()
                                    + " is in the spool and will be sent, but could not be forced onto the disk",
                            pending.eventId(),
                            e));
        }
    }

    private void forceRegularly() {
        while (!stopping) {
            LockSupport.parkNanos(sync.interval().toNanos());
            try {
                spool.forceAll();
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("the spool could not be forced onto the disk; trying again", e);
            }
        }
    }

    /** Goes on after whatever fails: events that are accepted must not wait for a restart. */
    private void run() {
        long last = 0;
        while (!stopping) {
            try {
                last = step(last);
                problem = Optional.empty();
            } catch (InterruptedException e) {
                LOG.debug("the spool's thread was interrupted; it ends when the producer is closed", e);
            } catch (IOException | RuntimeException | Error e) {
                problem = Optional.of(e.getClass().getName());
                LOG.error("events in the spool cannot be sent for now; trying again", e);
                sendAgain.set(true);
            }
        }
    }

    /** Sends the entry that follows, or goes back to the first where one has to be sent again; the last one sent. */
    private long step(long last) throws IOException, InterruptedException {
        if (sendAgain.get()) {
            if (inFlight.get() > 0) {
                LockSupport.parkNanos(TRY_AGAIN);
                return last;
            }
            sendAgain.set(false);
            LockSupport.parkNanos(BACK_OFF);
            return 0;
        }
        Entry entry = spool.next(last);
        // One that failed while this thread waited for the next goes first.
        return entry != null && !sendAgain.get() && sendNext(entry) ? entry.sequence() : last;
    }

    /** Whether it is on its way, or needs no way any more. */
    private boolean sendNext(Entry entry) throws IOException, InterruptedException {
        ProducerRecord<byte[], byte[]> record = read(entry);
        if (record == null) {
            return true;
        }
        if (entry.pending() == null) {
            record.headers().add(CloudEvents.REPLAYED, YES);
        }
        long size = Math.min(Records.size(record), session.budget().total());
        if (!session.budget().reserve(size, Patience.of(FOREVER, () -> stopping))) {
            return false;
        }
        inFlight.incrementAndGet();
        Sent sent = new Sent(entry, record, size, evidence.recentMark());
        try {
            return offered(sent, entry, record, size);
        } catch (RuntimeException | Error e) {
            sent.landed();
            throw e;
        }
    }

    /** The record of an entry; null where its bytes have changed on the disk, after which it is no longer in the spool. */
    private @Nullable ProducerRecord<byte[], byte[]> read(Entry entry) throws IOException {
        byte[] frame = spool.read(entry);
        if (SpoolFrame.length(frame, 0) == frame.length) {
            return SpoolFrame.decode(frame);
        }
        LOG.error(
                "an event in the spool has changed on the disk and is passed over; its file is kept aside, as *.damaged-*");
        spool.damaged(entry);
        Pending pending = entry.pending();
        if (pending != null) {
            pending.settleLater(
                    Outcome.FAILED,
                    null,
                    new PublishFailedException(
                            pending.event()
                                    + " was not sent: its bytes in the spool have changed on the disk; publish it"
                                    + " again, and look at the disk",
                            Retry.MAY_HELP,
                            null));
        }
        return null;
    }

    private boolean offered(Sent sent, Entry entry, ProducerRecord<byte[], byte[]> record, long size) {
        boolean warned = false;
        for (Exception no = sent.offer(); no != null; no = sent.offer()) {
            boolean forGood = KafkaAnswers.refusesRecord(no);
            if (forGood || stopping) {
                sent.landed();
                if (forGood) {
                    end(entry, record, KafkaAnswers.notTaken(sent.event(), record.topic(), no));
                }
                return forGood;
            }
            if (!warned && !(no instanceof RetriableException)) {
                warned = true;
                LOG.warn("the spool waits: Kafka does not take an event of topic {}", record.topic(), no);
            }
            LockSupport.parkNanos(TRY_AGAIN);
        }
        session.listeners().sent(sent.event(), size);
        return true;
    }

    /** An event that the broker refuses for good leaves the spool. */
    private void end(Entry entry, ProducerRecord<byte[], byte[]> record, CdpException why) {
        spool.settle(entry);
        if (entry.pending() != null) {
            entry.pending().settleLater(KafkaAnswers.outcome(why), null, why);
        } else {
            LOG.error(
                    "an event of topic {} that an earlier producer left was refused and is dropped",
                    record.topic(),
                    why);
        }
    }

    /** Returns when every event that was taken so far is settled, or the patience ends. */
    void awaitSettled(Patience patience) throws InterruptedException {
        spool.awaitSettled(spool.lastSequence(), patience);
    }

    SpoolState state() {
        return spool.state(problem);
    }

    /** Sends nothing more; Kafka's producer may be closed after it. */
    void stop() {
        stopping = true;
        LockSupport.unpark(sending);
        LockSupport.unpark(forcing);
        try {
            sending.join();
            forcing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves on disk what is not settled, once Kafka's producer is closed. */
    void close() {
        for (Entry entry : spool.waiting()) {
            Pending pending = entry.pending();
            if (pending != null) {
                pending.settleLater(
                        Outcome.ABANDONED,
                        null,
                        new PublishUncertainException(
                                pending.event() + " (" + pending.eventId() + ") stays in the spool, and is sent by the"
                                        + " next producer that is given its directory",
                                pending.eventId(),
                                null));
            }
        }
        spool.close();
    }

    /** One sending of an entry. */
    private final class Sent {

        private final Entry entry;
        private final ProducerRecord<byte[], byte[]> record;
        private final long size;
        private final Mark before;
        private final AtomicBoolean landed = new AtomicBoolean();
        private @Nullable Exception refusal;

        private Sent(Entry entry, ProducerRecord<byte[], byte[]> record, long size, Mark before) {
            this.entry = entry;
            this.record = record;
            this.size = size;
            this.before = before;
        }

        /** Why Kafka did not take it, or null when it has. */
        private @Nullable Exception offer() {
            refusal = null;
            try {
                var unused = kafka.send(record, (metadata, problem) -> {
                    if (Thread.currentThread() == sending) {
                        refusal = problem;
                    } else if (problem == null) {
                        spool.settle(entry);
                        if (entry.pending() != null) {
                            entry.pending().onCompletion(metadata, null);
                        }
                        landed();
                    } else {
                        failed(problem);
                    }
                });
            } catch (KafkaException | IllegalStateException e) {
                refusal = e;
            }
            return refusal;
        }

        private void failed(Exception answer) {
            if (KafkaAnswers.refusesRecord(answer)) {
                end(
                        entry,
                        record,
                        KafkaAnswers.classify(
                                event(), record.topic(), text(CloudEvents.ID), answer, before, evidence.mark()));
            } else if (!stopping) {
                LOG.warn("an event of topic {} is sent again from the spool", record.topic(), answer);
                sendAgain.set(true);
            }
            landed();
        }

        private void landed() {
            if (landed.compareAndSet(false, true)) {
                session.budget().release(size);
                inFlight.decrementAndGet();
            }
        }

        private String event() {
            return text(CloudEvents.TYPE);
        }

        private String text(String name) {
            Header header = record.headers().lastHeader(name);
            return header == null ? "?" : new String(header.value(), StandardCharsets.UTF_8);
        }
    }
}
