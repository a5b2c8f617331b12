package dev.cdp.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of the table: who, with what handler.
 *
 * @param handlerMillis how long a handler waits; 0 for one that only counts
 * @param inFlight how many records are handled at once; 1 for the peer's own default
 */
record ConsumeCase(ConsumePeer peer, int handlerMillis, int inFlight) {

    private static final int WAIT = 5;

    /** Every line, in the order of the table. */
    static List<ConsumeCase> all() {
        List<ConsumeCase> all = new ArrayList<>();
        for (ConsumePeer peer : ConsumePeer.values()) {
            if (peer != ConsumePeer.THREADS) {
                all.add(new ConsumeCase(peer, 0, 1));
            }
        }
        int partitions = ConsumeBenchmark.PARTITIONS;
        for (ConsumePeer peer :
                List.of(ConsumePeer.THREADS, ConsumePeer.CDP_PARTITION_VALIDATED, ConsumePeer.SPRING_RECORD)) {
            all.add(new ConsumeCase(peer, WAIT, partitions));
        }
        for (int inFlight : new int[] {16, 100}) {
            for (ConsumePeer peer :
                    List.of(ConsumePeer.THREADS, ConsumePeer.CDP_KEY_VALIDATED, ConsumePeer.PARALLEL_KEY)) {
                all.add(new ConsumeCase(peer, WAIT, inFlight));
            }
        }
        return all;
    }

    boolean waits() {
        return handlerMillis > 0;
    }

    ConsumeCase of(ConsumePeer another) {
        return new ConsumeCase(another, handlerMillis, inFlight);
    }

    @Override
    public String toString() {
        return peer.title() + (waits() ? ", " + handlerMillis + " ms, " + inFlight + " in flight" : "");
    }
}
