package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions that are ours: those whose committed offset is still to be read, and the lines of the others. */
final class Assignment {

    private final Map<TopicPartition, Tenure> unread = new LinkedHashMap<>();
    private final Map<TopicPartition, Line> lines = new LinkedHashMap<>();
    private final Map<TopicPartition, Tenure> last = new HashMap<>();
    /** The lines in the order in which they may start work, so that none starves. */
    private final ArrayDeque<Line> turns = new ArrayDeque<>();

    /** Takes partitions that were assigned; their lines follow when their committed offsets are read. */
    void add(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Tenure tenure = new Tenure(partition, last.get(partition));
            last.put(partition, tenure);
            unread.put(partition, tenure);
        }
    }

    /** The partitions whose committed offset is still to be read. */
    Map<TopicPartition, Tenure> unread() {
        return Map.copyOf(unread);
    }

    /** Opens the line of a partition. */
    void open(Line line) {
        TopicPartition partition = line.tenure().partition();
        unread.remove(partition);
        lines.put(partition, line);
        turns.addLast(line);
    }

    /** Ends the tenures of partitions; their late outcomes change nothing. */
    void drop(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Tenure tenure = unread.remove(partition);
            if (tenure != null) {
                tenure.end();
            }
            Line line = lines.remove(partition);
            if (line != null) {
                line.tenure().end();
                turns.remove(line);
            }
        }
    }

    Collection<Line> lines() {
        return Collections.unmodifiableCollection(lines.values());
    }

    List<Line> linesOf(Collection<TopicPartition> partitions) {
        List<Line> found = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Line line = lines.get(partition);
            if (line != null) {
                found.add(line);
            }
        }
        return found;
    }

    @Nullable
    Line line(TopicPartition partition) {
        return lines.get(partition);
    }

    /** Lets lines start work, one piece each in turn, until none can; how many pieces started. */
    int start(long now) {
        int started = 0;
        int idle = 0;
        while (idle < turns.size()) {
            Line line = turns.removeFirst();
            turns.addLast(line);
            if (line.start(now)) {
                started++;
                idle = 0;
            } else {
                idle++;
            }
        }
        return started;
    }

    /** Lets lines find out how large the records are that have to wait. */
    void weigh(long now) {
        for (Line line : lines.values()) {
            line.weigh(now);
        }
    }
}
