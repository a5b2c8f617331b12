package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** The records of one partition that are done and wait for their transaction, by offset. Owner thread only. */
final class Settlements {

    private final TreeMap<Long, Settlement> byOffset = new TreeMap<>();
    private long bytes;

    /** Adds one, in place of one for the same record. */
    void put(Settlement settlement) {
        Settlement before = byOffset.put(settlement.entry().offset(), settlement);
        bytes += settlement.size() - (before == null ? 0 : before.size());
    }

    /** Those of certain offsets, ascending. */
    List<Settlement> of(LongPredicate offsets) {
        List<Settlement> found = new ArrayList<>();
        byOffset.forEach((offset, settlement) -> {
            if (offsets.test(offset)) {
                found.add(settlement);
            }
        });
        return found;
    }

    void remove(Settlement settlement) {
        byOffset.remove(settlement.entry().offset());
        bytes -= settlement.size();
    }

    boolean isEmpty() {
        return byOffset.isEmpty();
    }

    int size() {
        return byOffset.size();
    }

    long bytes() {
        return bytes;
    }

    /** The first offset; {@code Long.MAX_VALUE} where there is none. */
    long first() {
        return byOffset.isEmpty() ? Long.MAX_VALUE : byOffset.firstKey();
    }

    /** The topics that they go to. */
    Set<String> topics() {
        Set<String> topics = new HashSet<>();
        byOffset.values().forEach(settlement -> topics.addAll(settlement.topics()));
        return topics;
    }
}
