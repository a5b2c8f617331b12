package dev.cdp.consumer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.Outcome.Turn;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.event.BindingException;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;

/**
 * One go of a worker at a run of records: decode → validate → handle, one after the other, until one fails or the run
 * takes too long. Every record that it touches is reported, and the last report ends its turn and gives back the rest.
 */
final class Attempt implements Runnable {

    /** Records of a run that are not begun by then go back, so that other workers can have them. */
    private static final long LONGEST_RUN_NANOS = 1_000_000L;

    static final String DECODE = "decode";
    private static final String HANDLE = "handle";

    private final HandlerLine line;
    private final List<Entry> run;
    private final Handling handling;
    private final Workers workers;

    Attempt(HandlerLine line, List<Entry> run, Handling handling, Workers workers) {
        this.line = line;
        this.run = run;
        this.handling = handling;
        this.workers = workers;
    }

    /** What every attempt needs: who judges, who handles, what an exception means, and the time in nanoseconds. */
    record Handling(Judge judge, Map<String, HandlerBinding<?>> handlers, ErrorTable errors, LongSupplier nanos) {}

    @Override
    public void run() {
        long began = handling.nanos.getAsLong();
        for (int i = 0; i < run.size(); i++) {
            Entry entry = run.get(i);
            Turn turn = i == run.size() - 1 ? Turn.ENDS : Turn.GOES_ON;
            boolean late = i > 0 && handling.nanos.getAsLong() - began > LONGEST_RUN_NANOS;
            Outcome.OfRecord outcome = late || !line.tenure().starting() || workers.closing()
                    ? new Outcome.Untried(line, entry)
                    : attempt(entry, turn);
            workers.report(outcome);
            if (outcome.turn() == Turn.ENDS) {
                return;
            }
        }
    }

    private Outcome.OfRecord attempt(Entry entry, Turn turn) {
        String stage = DECODE;
        String event = "";
        try {
            IncomingRecord in = entry.incoming(line.tenure().topicId());
            if (handling.judge.forAnotherGroup(in)) {
                return ignored(entry, turn, "", Ignored.OTHER_GROUP);
            }
            Reading reading = handling.judge.read(in);
            if (reading instanceof Reading.Unknown unknown) {
                return new Outcome.Dead(line, entry, turn, Judge.unknown(unknown));
            }
            if (reading instanceof Reading.Probe) {
                return ignored(entry, turn, CloudEvents.PROBE_TYPE, Ignored.PROBE);
            }
            if (!(reading instanceof Reading.Known known)) {
                return ignored(entry, turn, "", Ignored.TOMBSTONE);
            }
            stage = HANDLE;
            event = known.definition().name();
            HandlerBinding<?> handler = handling.handlers.get(event);
            if (handler == null) {
                return ignored(entry, turn, event, Ignored.NO_HANDLER);
            }
            ValidationReport report = handling.judge.validate(known);
            Optional<Failure> refused = handling.judge.refusedForHandler(known, report);
            if (refused.isPresent()) {
                return new Outcome.Dead(line, entry, turn, refused.get());
            }
            handler.handle(known, in.headers(), entry.delivery());
            return new Outcome.Done(line, entry, turn, event, null, report.valid() ? null : report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return workers.closing() ? new Outcome.Untried(line, entry) : failed(entry, turn, event, stage, e);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable t) {
            return failed(entry, turn, event, stage, t);
        }
    }

    private Outcome.OfRecord ignored(Entry entry, Turn turn, String event, Ignored why) {
        return new Outcome.Done(line, entry, turn, event, why, null);
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
