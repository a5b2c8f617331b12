package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

import dev.cdp.core.CdpException;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;

import static org.assertj.core.api.Assertions.assertThat;

/** A store that keeps a batch once, by its id, and that checks that the id always means the same. */
final class OnceStore implements EventSink {

    final ConcurrentMap<BatchId, List<Long>> batches = new ConcurrentHashMap<>();
    final Queue<BatchId> writes = new ConcurrentLinkedQueue<>();

    @Override
    public SinkResult write(EventBatch batch) {
        writes.add(batch.id());
        List<Long> offsets = offsets(batch);
        List<Long> before = batches.putIfAbsent(batch.id(), offsets);
        assertThat(before == null ? offsets : before).isEqualTo(offsets);
        return SinkResult.stored(offsets.size());
    }

    @Override
    public boolean holds(UUID topicId, int partition, long from, int replay) {
        return batches.keySet().stream()
                .anyMatch(id -> id.topicId().equals(topicId)
                        && id.partition() == partition
                        && id.endOffset() > from
                        && id.replay() == replay);
    }

    /** Stored rows as {@code partition@offset}, with repeats if there are. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        batches.forEach((id, offsets) -> offsets.forEach(offset -> rows.add(id.partition() + "@" + offset)));
        Collections.sort(rows);
        return rows;
    }

    /** The rows of so many records of each of two partitions, each once. */
    static List<String> rows(int eachPartition) {
        List<String> rows = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            int p = partition;
            IntStream.range(0, eachPartition).forEach(offset -> rows.add(p + "@" + offset));
        }
        Collections.sort(rows);
        return rows;
    }

    static List<Long> offsets(EventBatch batch) {
        return batch.events().stream().map(SinkEvent::offset).toList();
    }

    /** What no retry helps against. */
    static final class Stop extends CdpException {
        Stop() {
            super("the store is beyond repair");
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }
}
