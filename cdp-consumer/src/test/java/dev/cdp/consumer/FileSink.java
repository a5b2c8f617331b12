package dev.cdp.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cdp.consumer.CrashPoints.Point;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;

/**
 * A sink of files, which outlive its process: each batch is one of them, named by its id, so that a batch which comes
 * again adds nothing. It rejects some records, and it writes down every batch that it was given to store.
 */
final class FileSink implements EventSink {

    private static final String ASKED = "asked";

    private final Path folder;
    private final CrashPoints points;

    FileSink(Path folder, CrashPoints points) {
        this.folder = folder;
        this.points = points;
    }

    /** Whether it takes no such record. */
    static boolean rejects(int partition, long offset) {
        return (offset * SinkCrashTest.PARTITIONS + partition) % 20 == 9;
    }

    @Override
    public SinkResult write(EventBatch batch) {
        BatchId id = batch.id();
        List<SinkResult.Rejection> rejected = batch.events().stream()
                .filter(event -> rejects(id.partition(), event.offset()))
                .map(event -> new SinkResult.Rejection(
                        event.offset(),
                        DeadLetterReason.NOT_INSERTABLE,
                        "/ordinal",
                        "column ordinal takes no such value"))
                .toList();
        if (!rejected.isEmpty()) {
            points.pass(Point.BEFORE_REJECTION);
            return SinkResult.rejected(rejected);
        }
        Stored stored = new Stored(
                id.partition(),
                id.firstOffset(),
                id.endOffset(),
                batch.events().stream().map(SinkEvent::offset).toList());
        try {
            points.pass(Point.BEFORE_WRITE);
            Files.writeString(
                    folder.resolve(ASKED), stored.text() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Path file = folder.resolve(stored.name());
            if (Files.notExists(file)) {
                Path half = Files.writeString(Files.createTempFile(folder, "half", ""), stored.text());
                points.pass(Point.HALF_WRITTEN);
                Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            }
            points.pass(Point.WRITTEN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SinkResult.stored(batch.events().size());
    }

    @Override
    public boolean holds(UUID topicId, int partition, long from, int replay) {
        return stored(folder).stream().anyMatch(batch -> batch.partition == partition && batch.end > from);
    }

    /** The batches that a folder holds. */
    static List<Stored> stored(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Stored> stored = new ArrayList<>();
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("batch-")) {
                    stored.add(Stored.parse(Files.readString(file)));
                }
            }
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every batch that the sinks of a folder were given to store, as it came. */
    static List<Stored> asked(Path folder) {
        try {
            return Files.readAllLines(folder.resolve(ASKED)).stream()
                    .map(Stored::parse)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A batch {@code [first, end)} of a partition, and the offsets of its rows. */
    record Stored(int partition, long first, long end, List<Long> offsets) {

        String name() {
            return "batch-" + partition + "-" + first + "-" + end;
        }

        private String text() {
            return partition + " " + first + " " + end + " "
                    + offsets.stream().map(Object::toString).collect(Collectors.joining(","));
        }

        private static Stored parse(String text) {
            String[] parts = text.split(" ", 4);
            return new Stored(
                    Integer.parseInt(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Stream.of(parts[3].split(",", -1)).map(Long::valueOf).toList());
        }
    }
}
