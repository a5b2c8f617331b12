package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that go to a sink together. They come one after the other and are judged as they come, and then
 * only what goes to the dead letters is held on to. Its bounds never change again once it is sealed by a plan, and it ends
 * stored. Owner thread only; workers touch what they are given.
 */
final class Batch {

    /** What happens to it next. */
    enum Stage {
        /** Its records come, or wait to be decoded and validated. */
        FORMING,
        /** It is planned and judged: its dead letters may go once the plan is acknowledged. */
        JUDGED,
        /** Its dead letters are on their way. */
        LETTERS_SENT,
        /** The sink has it. */
        WRITING
    }

    private final Draft draft;
    private final @Nullable Past past;
    private final Set<Long> lettered = new HashSet<>();
    private List<Entry> unjudged = new ArrayList<>();
    private List<Entry> inJudgement = List.of();
    private Map<Entry, Failure> failures = new LinkedHashMap<>();
    private final Map<Entry, Ignored> passed = new LinkedHashMap<>();
    private int rows;
    private long bytes;
    private long lastOffset = -1;
    private Optional<Integer> lastEpoch = Optional.empty();
    private int epoch = Envelope.NO_EPOCH;
    private @Nullable BatchId id;
    private @Nullable Envelope plan;
    private boolean planned;
    private Stage stage = Stage.FORMING;
    private int letters;
    private int timesFailed;
    private long notBefore;

    /** An empty one; {@code past} for one that was planned before. */
    Batch(Draft draft, @Nullable Past past) {
        this.draft = draft;
        this.past = past;
    }

    /**
     * What is known of a batch that comes a second time.
     *
     * @param plan its plan, with what the sink rejected
     * @param rejections why, as far as that was here
     * @param lettered what was dead-lettered here
     */
    record Past(Envelope plan, Map<Long, Rejection> rejections, Set<Long> lettered) {

        /** The past of a batch with this plan: this one if it is the same batch, else no more than the plan. */
        static Past of(Envelope plan, @Nullable Past known) {
            return known != null
                            && known.plan.topicId().equals(plan.topicId())
                            && known.plan.first() == plan.first()
                            && known.plan.end() == plan.end()
                            && known.plan.replay() == plan.replay()
                    ? new Past(plan, known.rejections, known.lettered)
                    : new Past(plan, Map.of(), Set.of());
        }
    }

    /** Takes the next record; false if it was dead-lettered here when the batch was read before. */
    boolean add(Entry entry) {
        rows++;
        bytes += entry.size();
        lastOffset = entry.offset();
        lastEpoch = entry.record().leaderEpoch();
        epoch = Math.max(epoch, lastEpoch.orElse(Envelope.NO_EPOCH));
        if (past != null && past.lettered.contains(entry.offset())) {
            lettered.add(entry.offset());
            return false;
        }
        unjudged.add(entry);
        return true;
    }

    /** Gives it its bounds, once its last record has come. */
    void seal(BatchId name, Envelope by, boolean isPlanned) {
        id = name;
        plan = by;
        planned = isPlanned;
        judgedIfAll();
    }

    private void judgedIfAll() {
        if (plan != null && unjudged.isEmpty() && inJudgement.isEmpty()) {
            stage = Stage.JUDGED;
        }
    }

    /** Once it is sealed. */
    BatchId id() {
        return Objects.requireNonNull(id);
    }

    int rows() {
        return rows;
    }

    /** Records that are not settled: neither stored nor dead-lettered. */
    int pending() {
        return rows - lettered.size();
    }

    /** Of its records, as they came. */
    long bytes() {
        return bytes;
    }

    long lastOffset() {
        return lastOffset;
    }

    /** The leader epoch of the record right before an offset, if it is the batch's last and its epoch is known. */
    Optional<Integer> lastBefore(long offset) {
        return lastOffset == offset - 1 ? lastEpoch : Optional.empty();
    }

    /** The greatest leader epoch of its records. */
    int epoch() {
        return epoch;
    }

    /** Once it is sealed. */
    Envelope plan() {
        return Objects.requireNonNull(plan);
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

    /** Whether records wait to be judged and no worker is at it. */
    boolean wantsJudgement() {
        return inJudgement.isEmpty() && !unjudged.isEmpty();
    }

    /** Its records that are not judged yet, for a worker. */
    List<Entry> toJudge() {
        inJudgement = unjudged;
        unjudged = new ArrayList<>();
        return inJudgement;
    }

    /** Takes what a worker has found of the next records; it may have come to some of them only. */
    void judged(Outcome.Judged found) {
        if (found.records() < inJudgement.size()) {
            List<Entry> rest = new ArrayList<>(inJudgement.subList(found.records(), inJudgement.size()));
            rest.addAll(unjudged);
            unjudged = rest;
        }
        inJudgement = List.of();
        failures.putAll(found.failures());
        passed.putAll(found.passed());
        judgedIfAll();
    }

    /** Whether it is known that nobody has written it. */
    EventBatch.Attempt attempt() {
        return past == null && timesFailed == 0 ? EventBatch.Attempt.FIRST : EventBatch.Attempt.AGAIN;
    }

    /** What goes to the sink. */
    Draft draft() {
        return draft;
    }

    /** What is known of it from an earlier time; any thread. */
    @Nullable
    Past past() {
        return past;
    }

    /** Takes what goes to the dead letters, in the order of the log. */
    Map<Entry, Failure> takeFailures() {
        Map<Entry, Failure> taken = failures;
        failures = Map.of();
        return taken;
    }

    /** What goes nowhere and is counted, each with the reason. */
    Map<Entry, Ignored> passed() {
        return passed;
    }

    /** How many dead letters are on their way. */
    int letters() {
        return letters;
    }

    void letterSent() {
        letters++;
    }

    void letterAcknowledged(long offset) {
        letters--;
        lettered.add(offset);
    }

    /** Its dead letters that are acknowledged. */
    Set<Long> lettered() {
        return lettered;
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

    @Override
    public String toString() {
        return id == null ? "a batch of " + rows + " records so far" : id.toString();
    }
}
