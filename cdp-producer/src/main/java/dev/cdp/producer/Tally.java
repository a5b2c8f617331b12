package dev.cdp.producer;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of events. Thread-safe. */
final class Tally {

    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    Tally() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    void count(Outcome outcome) {
        adder(outcome).increment();
    }

    /** Exact once every event is settled. */
    CloseReport report() {
        return new CloseReport(
                adder(Outcome.ACKNOWLEDGED).sum(),
                adder(Outcome.REJECTED).sum(),
                adder(Outcome.FAILED).sum(),
                adder(Outcome.UNCERTAIN).sum(),
                adder(Outcome.ABANDONED).sum());
    }

    private LongAdder adder(Outcome outcome) {
        return java.util.Objects.requireNonNull(counts.get(outcome));
    }
}
