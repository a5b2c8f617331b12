package dev.cdp.consumer;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.Outcome.Turn;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.CdpException;
import dev.cdp.core.event.BindingException;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import org.jspecify.annotations.Nullable;

/**
 * One go of a worker at records of one lane: decode → validate → handle, one after the other, until one must be tried
 * again. Every record that it touches is reported, and the last report ends its turn.
 */
final class Attempt implements Runnable {

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

    /** What every attempt needs: who judges, who handles, and how often. */
    record Handling(Judge judge, Map<String, HandlerBinding<?>> handlers, RetryPolicy retry) {}

    @Override
    public void run() {
        for (int i = 0; i < run.size(); i++) {
            Entry entry = run.get(i);
            Turn turn = i == run.size() - 1 ? Turn.ENDS : Turn.GOES_ON;
            Outcome.OfRecord outcome = line.tenure().starting() && !workers.closing()
                    ? attempt(entry, turn)
                    : new Outcome.Untried(line, entry, Turn.ENDS);
            workers.report(outcome);
            if (outcome.turn() == Turn.ENDS) {
                return;
            }
        }
    }

    private Outcome.OfRecord attempt(Entry entry, Turn turn) {
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
        String event = known.definition().name();
        HandlerBinding<?> handler = handling.handlers.get(event);
        if (handler == null) {
            return ignored(entry, turn, event, Ignored.NO_HANDLER);
        }
        try {
            ValidationReport report = handling.judge.validate(known);
            Optional<Failure> refused = handling.judge.refusedForHandler(known, report);
            if (refused.isPresent()) {
                return new Outcome.Dead(line, entry, turn, refused.get());
            }
            handler.handle(known, in.headers(), entry.delivery());
            return new Outcome.Done(line, entry, turn, event, null, report.valid() ? null : report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return workers.closing() ? new Outcome.Untried(line, entry, Turn.ENDS) : failed(entry, turn, event, e);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable t) {
            return failed(entry, turn, event, t);
        }
    }

    private Outcome.OfRecord ignored(Entry entry, Turn turn, String event, Ignored why) {
        return new Outcome.Done(line, entry, turn, event, why, null);
    }

    private Outcome.OfRecord failed(Entry entry, Turn turn, String event, Throwable thrown) {
        Failure rejection = rejection(event, thrown);
        if (rejection != null) {
            return new Outcome.Dead(line, entry, turn, rejection);
        }
        if (entry.attempts() + 1 >= handling.retry.maxAttempts()) {
            return new Outcome.Dead(
                    line, entry, turn, Failure.thrown(DeadLetterReason.RETRIES_EXHAUSTED, "handle", event, thrown));
        }
        return new Outcome.Retry(line, entry, Turn.ENDS, event, thrown);
    }

    private static @Nullable Failure rejection(String event, Throwable thrown) {
        if (!(thrown instanceof CdpException cdp) || cdp.retryable()) {
            return null;
        }
        boolean safe = thrown instanceof RejectedEventException || thrown instanceof BindingException;
        String stage = thrown instanceof BindingException ? "bind" : "handle";
        Failure failure = Failure.thrown(DeadLetterReason.HANDLER_REJECTED, stage, event, thrown);
        return safe ? failure.withMessage(String.valueOf(thrown.getMessage())) : failure;
    }
}
