package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a topic was deleted, or recreated under its name, while it is read: the positions that are held belong to
 * the former one. It asks every second, and never waits for an answer. Owner thread only.
 */
final class TopicWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final long PERIOD_NANOS = 1_000_000_000L;
    private static final long SETTINGS_PERIOD_NANOS = 5_000_000_000L;

    private final Restorer.TopicIds topics;
    private final Assignment assignment;
    private final Map<String, String> missing = new TreeMap<>();
    private @Nullable CompletableFuture<Map<String, UUID>> asked;
    private Set<String> askedFor = Set.of();
    private long askedAt;
    private @Nullable CompletableFuture<Map<String, String>> settings;
    private long settingsAt;
    /** Topics that do not keep what is written to them, with what is wrong. */
    private Map<String, String> unfit = Map.of();

    TopicWatch(Restorer.TopicIds topics, Assignment assignment, long now) {
        this.topics = topics;
        this.assignment = assignment;
        this.askedAt = now;
        this.settingsAt = now;
    }

    /** The partitions that are held and whose topic is another one now. */
    List<TopicPartition> replaced(long now) {
        lookAtSettings(now);
        List<TopicPartition> replaced = List.of();
        CompletableFuture<Map<String, UUID>> answer = asked;
        if (answer != null && answer.isDone()) {
            asked = null;
            if (answer.isCompletedExceptionally()) {
                LOG.debug("the topics' ids could not be looked at");
            } else {
                replaced = compare(answer.join());
            }
        }
        if (asked == null && now - askedAt >= PERIOD_NANOS) {
            askedAt = now;
            ask();
        }
        return replaced;
    }

    private void lookAtSettings(long now) {
        CompletableFuture<Map<String, String>> answer = settings;
        if (answer != null && answer.isDone()) {
            settings = null;
            if (!answer.isCompletedExceptionally()) {
                Map<String, String> found = answer.join();
                found.forEach((topic, problem) -> {
                    if (!unfit.containsKey(topic)) {
                        LOG.error("{}", problem);
                    }
                });
                unfit = found;
            }
        }
        if (settings == null && now - settingsAt >= SETTINGS_PERIOD_NANOS) {
            settingsAt = now;
            settings = topics.unfitLater().toCompletableFuture();
        }
    }

    private void ask() {
        Set<String> names = new HashSet<>();
        assignment.lines().forEach(line -> names.add(line.tenure().partition().topic()));
        if (!names.isEmpty()) {
            askedFor = names;
            asked = topics.idsLater(names).toCompletableFuture();
        }
    }

    private List<TopicPartition> compare(Map<String, UUID> ids) {
        missing.keySet().retainAll(askedFor);
        for (String topic : askedFor) {
            if (ids.containsKey(topic)) {
                missing.remove(topic);
            } else if (missing.put(topic, "it does not exist any more") == null) {
                LOG.error("topic {} was deleted while it is read", topic);
            }
        }
        List<TopicPartition> replaced = new ArrayList<>();
        for (Line line : assignment.lines()) {
            UUID id = ids.get(line.tenure().partition().topic());
            if (id != null && !id.equals(line.tenure().topicId())) {
                replaced.add(line.tenure().partition());
            }
        }
        return replaced;
    }

    /** Topics that are gone, or that do not keep what is written to them, for {@code health()}. */
    Map<String, String> missing() {
        Map<String, String> found = new TreeMap<>();
        unfit.forEach((topic, problem) -> found.put("settings of " + topic, problem));
        missing.forEach((topic, why) -> found.put("topic " + topic, why));
        return found;
    }
}
