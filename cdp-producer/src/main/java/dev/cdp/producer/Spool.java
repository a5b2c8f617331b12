package dev.cdp.producer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on disk in the order in which they were accepted, until each is settled: files that are only appended to, and
 * removed once nothing in them waits. One process at a time has a directory. Thread-safe.
 */
final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * The directories of this JVM's spools. A file lock is the process's: closing any other channel of the file, as a
     * second producer that is refused would, lets it go.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final SpoolOptions options;
    private final RandomAccessFile lockFile;
    private final Path held;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Deque<SpoolSegment> segments = new ArrayDeque<>();
    private final TreeMap<Long, Entry> waiting = new TreeMap<>();
    private long bytes;
    private long sequence;
    private long cutBytes;
    private long damagedBytes;
    private final long recovered;

    private Spool(SpoolOptions options, RandomAccessFile lockFile, Path held) throws IOException {
        this.options = options;
        this.lockFile = lockFile;
        this.held = held;
        recover();
        this.recovered = waiting.size();
        roll();
    }

    /**
     * Opens a directory, which is made if need be, with what an earlier producer left in it.
     *
     * @throws InvalidOptionException if it cannot be used, or another producer uses it
     */
    static Spool open(SpoolOptions options) {
        Path directory = options.directory();
        try {
            SpoolFiles.makeDirectory(directory);
            Path real = directory.toRealPath();
            if (!HELD.add(real)) {
                throw inUse(directory);
            }
            try {
                return new Spool(options, lock(directory), real);
            } catch (IOException | RuntimeException e) {
                HELD.remove(real);
                throw e;
            }
        } catch (IOException e) {
            throw new InvalidOptionException("spool: cannot use the directory " + directory + ": " + e, e);
        }
    }

    private static RandomAccessFile lock(Path directory) throws IOException {
        Path path = directory.resolve("lock");
        SpoolFiles.make(path);
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        if (file.getChannel().tryLock() == null) {
            file.close();
            throw inUse(directory);
        }
        return file;
    }

    private static InvalidOptionException inUse(Path directory) {
        return new InvalidOptionException("spool: another producer uses the directory " + directory
                + "; give each producer one of its own, and the same one after a restart");
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(options.directory())) {
            files = all.filter(SpoolSegment::isSegment).sorted().toList();
        }
        for (Path path : files) {
            SpoolSegment.Found found = SpoolSegment.open(path);
            SpoolScan scan = found.scan();
            if (scan.tornBytes() > 0) {
                cutBytes += scan.tornBytes();
                LOG.warn(
                        "{} bytes at the end of {} were not written to their end and are cut off",
                        scan.tornBytes(),
                        path);
            }
            if (scan.damaged()) {
                damagedBytes += scan.damagedBytes();
                LOG.error(
                        "{} bytes of {} have changed on the disk and are passed over; the file as it was is kept beside it,"
                                + " as *.damaged-*",
                        scan.damagedBytes(),
                        path);
            }
            SpoolSegment segment = found.segment();
            segments.add(segment);
            bytes += segment.size();
            for (SpoolScan.Frame frame : scan.frames()) {
                add(new Entry(++sequence, segment, frame.at(), frame.length(), null));
            }
            removeIfSettled(segment);
        }
    }

    /** The place that a frame got, or null if there was no room before the patience ended. */
    @Nullable
    Entry append(byte[] frame, Pending pending, Patience patience) throws InterruptedException, IOException {
        lock.lockInterruptibly();
        try {
            while (!hasRoom(frame)) {
                if (patience.ended()) {
                    return null;
                }
                await(patience.leftNanos());
            }
            if (active().size() + SpoolSegment.space(frame) > options.segmentBytes()) {
                roll();
            }
            long at = active().append(frame);
            bytes += SpoolSegment.space(frame);
            Entry entry = new Entry(++sequence, active(), at, frame.length, pending);
            add(entry);
            changed.signalAll();
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a frame could ever fit. */
    boolean canHold(byte[] frame) {
        return SpoolSegment.space(frame) + 2L * SpoolSegment.HEADER <= options.maxBytes();
    }

    private boolean hasRoom(byte[] frame) throws IOException {
        if (fits(frame)) {
            return true;
        }
        if (!active().hasUnsettled() && active().size() > SpoolSegment.HEADER) {
            roll();
        }
        return fits(frame);
    }

    private boolean fits(byte[] frame) {
        return bytes + SpoolSegment.space(frame) + SpoolSegment.HEADER <= options.maxBytes();
    }

    private void add(Entry entry) {
        entry.segment.took();
        waiting.put(entry.sequence, entry);
    }

    private SpoolSegment active() {
        return segments.getLast();
    }

    /** Begins another file; the one before goes if nothing in it waits. */
    private void roll() throws IOException {
        SpoolSegment before = segments.peekLast();
        SpoolSegment next = SpoolSegment.create(options.directory(), before == null ? 1 : before.number() + 1);
        segments.add(next);
        bytes += next.size();
        if (before != null) {
            removeIfSettled(before);
        }
    }

    private void removeIfSettled(SpoolSegment segment) throws IOException {
        if (!segment.hasUnsettled()) {
            segments.remove(segment);
            bytes -= segment.size();
            segment.delete();
        }
    }

    /** Returns when an entry is on the disk. */
    void force(Entry entry) throws IOException {
        entry.segment.force(entry.at + entry.length);
    }

    /** Forces all that there is. */
    void forceAll() throws IOException {
        List<SpoolSegment> all;
        lock.lock();
        try {
            all = List.copyOf(segments);
        } finally {
            lock.unlock();
        }
        for (SpoolSegment segment : all) {
            segment.force(segment.size());
        }
    }

    /** The first entry after another that waits; null if there is none after a moment. */
    @Nullable
    Entry next(long after) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Map.Entry<Long, Entry> next = waiting.higherEntry(after);
            if (next == null) {
                await(LOOK_AGAIN);
                next = waiting.higherEntry(after);
            }
            return next == null ? null : next.getValue();
        } finally {
            lock.unlock();
        }
    }

    byte[] read(Entry entry) throws IOException {
        return entry.segment.read(entry.at, entry.length);
    }

    /** Takes out an entry that cannot be read any more, and keeps its file aside. */
    void damaged(Entry entry) {
        lock.lock();
        try {
            damagedBytes += entry.length;
            entry.segment.keepAside();
        } catch (IOException e) {
            LOG.warn("a damaged file of the spool could not be kept aside", e);
        } finally {
            lock.unlock();
        }
        settle(entry);
    }

    /** Takes an entry out, and its file with the last one in it. */
    void settle(Entry entry) {
        lock.lock();
        try {
            if (waiting.remove(entry.sequence) != null) {
                entry.segment.settled();
                if (entry.segment != active()) {
                    removeIfSettled(entry.segment);
                }
                changed.signalAll();
            }
        } catch (IOException e) {
            LOG.warn("a file of the spool could not be removed; its events are sent again after a restart", e);
        } finally {
            lock.unlock();
        }
    }

    long lastSequence() {
        lock.lock();
        try {
            return sequence;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing up to there waits, or the patience ends. */
    void awaitSettled(long upTo, Patience patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!waiting.isEmpty() && waiting.firstKey() <= upTo && !patience.ended()) {
                await(patience.leftNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    /** For a caller that looks at its condition again. */
    @SuppressWarnings("WaitNotInLoop")
    private void await(long nanos) throws InterruptedException {
        long unused = changed.awaitNanos(Math.min(nanos, LOOK_AGAIN));
    }

    List<Entry> waiting() {
        lock.lock();
        try {
            return List.copyOf(waiting.values());
        } finally {
            lock.unlock();
        }
    }

    /** What it holds, with why nothing is sent, where that is so. */
    SpoolState state(Optional<String> problem) {
        lock.lock();
        try {
            return new SpoolState(waiting.size(), bytes, recovered, cutBytes, damagedBytes, problem);
        } finally {
            lock.unlock();
        }
    }

    /** Keeps what waits, and leaves nothing behind where nothing does. */
    @Override
    public void close() {
        lock.lock();
        try {
            for (SpoolSegment segment : List.copyOf(segments)) {
                segment.force(segment.size());
                removeIfSettled(segment);
                segment.close();
            }
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("closing the spool in {} failed", options.directory(), e);
        } finally {
            HELD.remove(held);
            lock.unlock();
        }
    }

    /** Where a record stands; one that an earlier producer left has nobody who waits for it. */
    record Entry(
            long sequence,
            SpoolSegment segment,
            long at,
            int length,
            @Nullable Pending pending) {}
}
