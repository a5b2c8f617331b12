package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A topic that has to keep what is written to it: of dead letters, or of records that wait for their next attempt.
 *
 * @param what {@code dead letter topic} or {@code retry topic}
 * @param name the topic
 * @param atLeast how long it has to keep a record
 */
record KeepingTopic(String what, String name, Duration atLeast) {

    /** How long a dead letter has to be kept at the least, so that somebody can look at it. */
    static final Duration DEAD_LETTERS = Duration.ofHours(1);

    /** A dead letter that is no more than a pointer may be this large. */
    private static final long POINTER_BYTES = 64 << 10;

    /**
     * What is wrong with its settings; empty where nothing is.
     *
     * @param setting the value of a setting, null where the broker does not tell
     * @param replicas how many it has
     */
    String problem(Function<String, @Nullable String> setting, int replicas, String servers) {
        List<String> problems = new ArrayList<>();
        String policy = setting.apply("cleanup.policy");
        if (policy != null && policy.contains("compact")) {
            problems.add(expected(
                    "cleanup.policy",
                    "delete",
                    policy,
                    "compaction deletes all but the last record of a key, and" + " refuses those without one"));
        }
        long retention = number(setting.apply("retention.ms"), -1);
        if (retention >= 0 && retention < atLeast.toMillis()) {
            problems.add(expected(
                    "retention.ms",
                    "-1 or at least " + atLeast.toMillis(),
                    Long.toString(retention),
                    "records are deleted before their time"));
        }
        long largest = number(setting.apply("max.message.bytes"), Long.MAX_VALUE);
        if (largest < POINTER_BYTES) {
            problems.add(expected(
                    "max.message.bytes",
                    "at least " + POINTER_BYTES,
                    Long.toString(largest),
                    "not even a pointer to a large record fits"));
        }
        long inSync = number(setting.apply("min.insync.replicas"), 1);
        if (inSync > replicas) {
            problems.add(expected(
                    "min.insync.replicas",
                    "at most " + replicas + ", its replicas",
                    Long.toString(inSync),
                    "nothing can be written"));
        }
        return problems.isEmpty()
                ? ""
                : what + " " + name + " does not keep what is written to it: " + String.join("; ", problems)
                        + ". Change it:\n  kafka-configs.sh --bootstrap-server " + servers
                        + " --alter --entity-type topics --entity-name " + name + " --add-config SETTING=VALUE";
    }

    private static String expected(String setting, String wanted, String found, String because) {
        return setting + " is " + found + ", expected " + wanted + ", because " + because;
    }

    private static long number(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
