package dev.cdp.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the first record of each partition that is read and not settled, and names the one that does not move. */
final class Watchdog {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final long patienceNanos;
    private final Listeners listeners;
    private final Map<TopicPartition, Watch> watched = new HashMap<>();

    Watchdog(Duration patience, Listeners listeners) {
        this.patienceNanos = patience.toNanos();
        this.listeners = listeners;
    }

    /** How long the first unsettled record of a line has been the first; zero where there is none. */
    Duration look(Line line, long now) {
        TopicPartition partition = line.tenure().partition();
        if (line.buffered() == 0) {
            watched.remove(partition);
            return Duration.ZERO;
        }
        long first = line.frontier();
        Watch watch = watched.get(partition);
        if (watch == null || watch.offset != first || watch.tenure != line.tenure()) {
            watch = new Watch(line.tenure(), first, now);
            watched.put(partition, watch);
        }
        Duration since = Duration.ofNanos(now - watch.since);
        if (!watch.told && now - watch.since >= patienceNanos) {
            watch.told = true;
            LOG.warn(
                    "{}@{} is read and has not been settled for {}; {} records are held with it",
                    partition,
                    first,
                    since,
                    line.buffered());
            listeners.tell(listener -> listener.stalled(partition.topic(), partition.partition(), first, since));
        }
        return since;
    }

    /** Forgets all partitions but these. */
    void keep(Collection<TopicPartition> partitions) {
        watched.keySet().retainAll(partitions);
    }

    private static final class Watch {

        private final Tenure tenure;
        private final long offset;
        private final long since;
        private boolean told;

        private Watch(Tenure tenure, long offset, long since) {
            this.tenure = tenure;
            this.offset = offset;
            this.since = since;
        }
    }
}
