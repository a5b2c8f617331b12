package dev.cdp.consumer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkEvent;

/** A planned batch: its bounds never change, and it ends stored. Owner thread only; workers read what it was given. */
final class Batch {

    /** What happens to it next. */
    enum Stage {
        /** Its records wait to be decoded and validated. */
        SEALED,
        /** A worker decodes and validates them. */
        IN_JUDGEMENT,
        /** Its dead letters may go once the plan is acknowledged. */
        JUDGED,
        /** Its dead letters are on their way. */
        LETTERS_SENT,
        /** The sink has it. */
        WRITING
    }

    /** Who made its plan. */
    enum Origin {
        OWN,
        /** A predecessor, who may have written it. */
        INHERITED
    }

    private final BatchId id;
    private final List<Entry> entries;
    private final long bytes;
    private final Origin origin;
    private Envelope plan;
    private boolean planned;
    private Stage stage = Stage.SEALED;
    private List<SinkEvent> events = List.of();
    private SortedMap<Long, Failure> failures = new TreeMap<>();
    private Map<Entry, Ignored> passed = Map.of();
    private int letters;
    private int lettersStored;
    private int timesFailed;
    private long notBefore;

    Batch(BatchId id, List<Entry> entries, Envelope plan, Origin origin) {
        this.id = id;
        this.origin = origin;
        this.entries = List.copyOf(entries);
        this.bytes = entries.stream().mapToLong(Entry::size).sum();
        this.plan = plan;
    }

    BatchId id() {
        return id;
    }

    List<Entry> entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    /** The leader epoch of the record right before an offset, if it is the batch's last and its epoch is known. */
    Optional<Integer> lastBefore(long offset) {
        Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
        return last != null && last.offset() == offset - 1 ? last.record().leaderEpoch() : Optional.empty();
    }

    Envelope plan() {
        return plan;
    }

    /** Changes the plan; it must be committed before anything is written. */
    void replan(Envelope next) {
        plan = next;
        planned = false;
    }

    /** Whether the plan as it is now is committed. */
    boolean planned() {
        return planned;
    }

    void planCommitted() {
        planned = true;
    }

    Stage stage() {
        return stage;
    }

    void stage(Stage next) {
        stage = next;
    }

    /** Whether it is known that nobody has written it. */
    EventBatch.Attempt attempt() {
        return origin == Origin.OWN && timesFailed == 0 ? EventBatch.Attempt.FIRST : EventBatch.Attempt.AGAIN;
    }

    /** What goes to the sink. */
    List<SinkEvent> events() {
        return events;
    }

    /** What goes to the dead letters, by offset, and has not been sent. */
    SortedMap<Long, Failure> failures() {
        return failures;
    }

    void contents(List<SinkEvent> forSink, SortedMap<Long, Failure> forDeadLetters) {
        events = forSink;
        failures = forDeadLetters;
    }

    /** What goes nowhere and is counted, each with the reason. */
    Map<Entry, Ignored> passed() {
        return passed;
    }

    void passed(Map<Entry, Ignored> found) {
        passed = found;
    }

    int letters() {
        return letters;
    }

    void letterSent() {
        letters++;
    }

    void letterAcknowledged() {
        letters--;
        lettersStored++;
    }

    /** Its dead letters that are acknowledged. */
    int lettersStored() {
        return lettersStored;
    }

    int timesFailed() {
        return timesFailed;
    }

    void failed(long nextAttempt) {
        timesFailed++;
        notBefore = nextAttempt;
    }

    long notBefore() {
        return notBefore;
    }
}
