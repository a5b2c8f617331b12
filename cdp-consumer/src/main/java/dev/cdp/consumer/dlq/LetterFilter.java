package dev.cdp.consumer.dlq;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;

import dev.cdp.core.event.DeadLetterReason;

/** Which letters of a dead letter topic are meant. Each condition narrows it further. Immutable. */
public final class LetterFilter {

    private static final LetterFilter ALL = new LetterFilter(letter -> true);

    private final Predicate<StoredLetter> condition;

    private LetterFilter(Predicate<StoredLetter> condition) {
        this.condition = condition;
    }

    /** All letters. */
    public static LetterFilter all() {
        return ALL;
    }

    /** Those that failed for that reason. */
    public LetterFilter reason(DeadLetterReason reason) {
        Objects.requireNonNull(reason, "reason");
        return and(letter -> letter.reason().filter(reason::equals).isPresent());
    }

    /** Those that failed in that way. */
    public LetterFilter fingerprint(String fingerprint) {
        Objects.requireNonNull(fingerprint, "fingerprint");
        return and(letter -> letter.fingerprint().equals(fingerprint));
    }

    /** Those of that event. */
    public LetterFilter event(String event) {
        Objects.requireNonNull(event, "event");
        return and(letter -> letter.event().equals(event));
    }

    /** Those that failed at that time or later. */
    public LetterFilter failedFrom(Instant time) {
        Objects.requireNonNull(time, "time");
        return and(letter -> !letter.failedAt().isBefore(time));
    }

    /** Those that failed before that time. */
    public LetterFilter failedBefore(Instant time) {
        Objects.requireNonNull(time, "time");
        return and(letter -> letter.failedAt().isBefore(time));
    }

    /** Those of one partition of the dead letter topic, from an offset on and before another. */
    public LetterFilter offsets(int partition, long from, long before) {
        return and(letter -> letter.record().partition() == partition
                && letter.record().offset() >= from
                && letter.record().offset() < before);
    }

    /** Whether a letter is meant. */
    public boolean matches(StoredLetter letter) {
        return condition.test(letter);
    }

    private LetterFilter and(Predicate<StoredLetter> further) {
        return new LetterFilter(condition.and(further));
    }
}
