package dev.cdp.consumer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.Outcome.Turn;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.event.BindingException;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One go of a worker at a run of records: decode → validate → handle, one after the other, until one fails or the run
 * takes too long. Every record that it touches is reported, and the last report ends its turn and gives back the rest.
 */
final class Attempt implements Runnable {

    /** Records of a run that are not begun by then go back, so that other workers can have them. */
    private static final long LONGEST_RUN_NANOS = 1_000_000L;
    /** In a long run, which only quick handlers get, the clock is looked at for every so many records: it is slow too. */
    private static final int GLANCE = 8;
    /** A wrong catalog makes dead letters of everything, which the owner should notice before they are many. */
    private static final int MOST_LETTERS = 32;

    static final String DECODE = "decode";
    private static final String HANDLE = "handle";

    private final HandlerLine line;
    private final Lanes.Run run;
    private final Handling handling;
    private final Workers workers;
    private long began;
    private boolean late;
    private Instant deadline = Instant.MAX;
    private int letters;

    Attempt(HandlerLine line, Lanes.Run run, Handling handling, Workers workers) {
        this.line = line;
        this.run = run;
        this.handling = handling;
        this.workers = workers;
    }

    /**
     * What every attempt needs.
     *
     * @param errors what an exception means
     * @param nanos the time
     * @param encoder makes records of outputs; null where there are none
     */
    record Handling(
            Judge judge,
            Handlers handlers,
            ErrorTable errors,
            LongSupplier nanos,
            @Nullable OutputEncoder encoder) {

        /** What takes the outputs of one call. */
        OutputBuffer outputs(EventHeaders of) {
            return new OutputBuffer(encoder, of);
        }
    }

    /** A record that was judged: settled without a handler, or ready for one. */
    private sealed interface Step {}

    private record Settled(Outcome.OfRecord outcome) implements Step {}

    private record Ready(
            Entry entry,
            Turn turn,
            Reading.Known known,
            IncomingRecord in,
            HandlerBinding<?> handler,
            ValidationReport report)
            implements Step {

        String event() {
            return known.definition().name();
        }

        /** What has failed before is given alone, so that the guilty one shows. */
        boolean alone() {
            return entry.attempts() > 0;
        }

        boolean joins(List<Ready> batch) {
            return !alone()
                    && batch.size() < handler.most()
                    && (batch.isEmpty() || batch.get(0).event().equals(event()));
        }
    }

    @Override
    public void run() {
        began = handling.nanos.getAsLong();
        List<Entry> entries = run.entries();
        int glance = entries.size() <= GLANCE ? 1 : GLANCE;
        List<Ready> batch = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Turn turn = i == entries.size() - 1 ? Turn.ENDS : Turn.GOES_ON;
            if (batch.isEmpty() && (late || i % glance == 0)) {
                look();
            }
            if (enough() || !line.tenure().starting() || workers.closing()) {
                boolean unused = handled(batch) && goesOn(new Outcome.Untried(line, entry));
                return;
            }
            Step step = judge(entry, turn);
            if (!(step instanceof Ready ready && ready.joins(batch))) {
                if (!handled(batch)) {
                    return;
                }
                batch.clear();
            }
            if (step instanceof Ready ready) {
                batch.add(ready);
                if (ready.alone() || batch.size() == ready.handler.most()) {
                    if (!handled(batch)) {
                        return;
                    }
                    batch.clear();
                }
            } else if (step instanceof Settled settled && !goesOn(settled.outcome)) {
                return;
            }
        }
        boolean unused = handled(batch);
    }

    private void look() {
        late = isLate();
        deadline = handling.handlers.deadline();
    }

    private boolean isLate() {
        return handling.nanos.getAsLong() - began > LONGEST_RUN_NANOS;
    }

    /** Whether what is left should go back: not where nobody could do anything with it. */
    private boolean enough() {
        return (late && (workers.inDemand() || !run.ofOneLane())) || letters == MOST_LETTERS;
    }

    private Step judge(Entry entry, Turn turn) {
        String stage = DECODE;
        String event = "";
        try {
            IncomingRecord in = entry.incoming(line.tenure().topicId());
            if (handling.judge.forAnotherGroup(in)) {
                return ignored(entry, turn, "", Ignored.OTHER_GROUP);
            }
            Reading reading = handling.judge.read(in);
            if (reading instanceof Reading.Unknown unknown) {
                return unknown(entry, turn, unknown);
            }
            if (reading instanceof Reading.Probe) {
                return ignored(entry, turn, CloudEvents.PROBE_TYPE, Ignored.PROBE);
            }
            if (!(reading instanceof Reading.Known known)) {
                return ignored(entry, turn, "", Ignored.TOMBSTONE);
            }
            stage = HANDLE;
            event = known.definition().name();
            HandlerBinding<?> handler = handling.handlers.bindings().get(event);
            if (handler == null) {
                return withoutHandler(entry, turn, event);
            }
            ValidationReport report = handling.judge.validate(known);
            Optional<Failure> refused = handling.judge.refusedForHandler(known, report);
            if (refused.isPresent()) {
                return new Settled(new Outcome.Dead(line, entry, turn, refused.get()));
            }
            SeenEvents seen = handling.handlers.seen();
            if (seen != null && seen.contains(known.attributes())) {
                return ignored(entry, turn, event, Ignored.REPEATED);
            }
            return new Ready(entry, turn, known, in, handler, report);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable t) {
            return new Settled(failed(entry, turn, event, stage, t));
        }
    }

    private Step unknown(Entry entry, Turn turn, Reading.Unknown unknown) {
        boolean ignored =
                unknown.reason() == DeadLetterReason.UNKNOWN_EVENT && handling.handlers.unknown() == Fallback.IGNORE;
        return ignored
                ? ignored(entry, turn, "", Ignored.UNKNOWN_EVENT)
                : new Settled(new Outcome.Dead(line, entry, turn, Judge.unknown(unknown)));
    }

    private Step withoutHandler(Entry entry, Turn turn, String event) {
        return handling.handlers.withoutHandler() == Fallback.IGNORE
                ? ignored(entry, turn, event, Ignored.NO_HANDLER)
                : new Settled(new Outcome.Dead(
                        line,
                        entry,
                        turn,
                        Failure.of(
                                DeadLetterReason.HANDLER_REJECTED,
                                HANDLE,
                                event,
                                "this consumer has no handler for the event")));
    }

    private Step ignored(Entry entry, Turn turn, String event, Ignored why) {
        return new Settled(new Outcome.Done(line, entry, turn, event, why, null, List.of()));
    }

    /** Handles a batch and reports each of its records; whether the run goes on. */
    private boolean handled(List<Ready> batch) {
        if (batch.size() <= 1) {
            return batch.isEmpty() || goesOn(handled(batch.get(0)));
        }
        Throwable thrown = call(batch, handling.outputs(EventHeaders.none()));
        if (thrown != null && workers.closing()) {
            return goesOn(interrupted(batch.get(0), thrown));
        }
        boolean goesOn = true;
        for (Ready one : batch) {
            if (!goesOn(thrown == null ? done(one, List.of()) : handled(one))) {
                goesOn = false;
                break; // the last of its run, or one that must be tried again: what follows goes back
            }
        }
        return goesOn;
    }

    private Outcome.OfRecord handled(Ready one) {
        OutputBuffer outputs = handling.outputs(one.in.headers());
        Throwable thrown = call(List.of(one), outputs);
        if (thrown == null) {
            return done(one, outputs.records());
        }
        return workers.closing() ? interrupted(one, thrown) : failed(one.entry, one.turn, one.event(), HANDLE, thrown);
    }

    /** Whatever a handler makes of an interrupt, the record is not to blame. */
    private Outcome.OfRecord interrupted(Ready one, Throwable thrown) {
        return new Outcome.Failed(line, one.entry, one.event(), HANDLE, ErrorClass.RETRY, thrown);
    }

    /** Calls the handler; what it threw, or null. */
    private @Nullable Throwable call(List<Ready> batch, Outputs outputs) {
        try {
            List<Received<?>> events = new ArrayList<>(batch.size());
            for (Ready one : batch) {
                events.add(one.handler.bind(one.known, one.in.headers(), one.entry.delivery(deadline)));
            }
            HandlerBinding<?> handler = batch.get(0).handler;
            handler.handle(events, outputs);
            if (handler.most() > 1) {
                began = handling.nanos.getAsLong(); // a batch may take its time: a shorter one would not be quicker
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable t) {
            return t;
        }
    }

    private Outcome.OfRecord done(Ready one, List<ProducerRecord<byte[], byte[]>> outputs) {
        SeenEvents seen = handling.handlers.seen();
        if (seen != null) {
            seen.add(one.known.attributes());
        }
        ValidationReport report = one.report;
        return new Outcome.Done(line, one.entry, one.turn, one.event(), null, report.valid() ? null : report, outputs);
    }

    /** Reports an outcome; whether the run goes on. */
    private boolean goesOn(Outcome.OfRecord outcome) {
        if (outcome instanceof Outcome.Dead) {
            letters++;
        }
        boolean ends = outcome.turn() == Turn.ENDS;
        if (ends && (late || isLate())) {
            run.slow();
        }
        workers.report(outcome);
        return !ends;
    }

    private Outcome.OfRecord failed(Entry entry, Turn turn, String event, String stage, Throwable thrown) {
        ErrorClass meaning = handling.errors.classify(thrown);
        if (meaning == ErrorClass.REJECT) {
            return new Outcome.Dead(line, entry, turn, rejection(event, stage, thrown));
        }
        return new Outcome.Failed(line, entry, event, stage, meaning, thrown);
    }

    private static Failure rejection(String event, String stage, Throwable thrown) {
        boolean binding = thrown instanceof BindingException;
        Failure failure = Failure.thrown(DeadLetterReason.HANDLER_REJECTED, binding ? "bind" : stage, event, thrown);
        return binding || thrown instanceof RejectedEventException
                ? failure.withMessage(String.valueOf(thrown.getMessage()))
                : failure;
    }
}
