package dev.cdp.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;

/**
 * What the demo waits for: it counts when there is none of it left.
 *
 * @param notOffered events that the application has not offered yet
 * @param unanswered offered events whose outcome is not known yet
 * @param lag records that the loader has not committed, by partition
 */
record Unsettled(long notOffered, long unanswered, Map<TopicPartition, Long> lag) {

    long totalLag() {
        return lag.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean none() {
        return notOffered == 0 && unanswered == 0 && totalLag() == 0;
    }

    /** A line for each kind of what is missing. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (notOffered > 0) {
            lines.add("events that the application has not offered: %,d".formatted(notOffered));
        }
        if (unanswered > 0) {
            lines.add("offered events without an answer: %,d".formatted(unanswered));
        }
        if (totalLag() > 0) {
            lines.add("records that the loader has not committed: %,d, of ".formatted(totalLag())
                    + lag.entrySet().stream()
                            .filter(entry -> entry.getValue() > 0)
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining("  ")));
        }
        return lines;
    }
}
