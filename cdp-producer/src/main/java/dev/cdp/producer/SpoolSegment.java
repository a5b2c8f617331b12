package dev.cdp.producer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a spool. The spool's lock guards appending and counting; reading and forcing have the segment's own. No
 * FileChannel, as an interrupt of a publishing thread would close it for all.
 */
final class SpoolSegment {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolSegment.class);

    static final String SUFFIX = ".spool";
    static final byte[] MAGIC = "CDPSPL\0\1".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final long number;
    private final RandomAccessFile writer;
    private final RandomAccessFile reader;
    private volatile long size;
    private long forced;
    private boolean closed;
    private int unsettled;

    private SpoolSegment(Path path, long number, long size) throws IOException {
        this.path = path;
        this.number = number;
        this.writer = new RandomAccessFile(path.toFile(), "rw");
        this.reader = new RandomAccessFile(path.toFile(), "r");
        this.size = size;
    }

    static SpoolSegment create(Path directory, long number) throws IOException {
        Path path = directory.resolve(String.format(Locale.ROOT, "%020d", number) + SUFFIX);
        SpoolSegment segment = new SpoolSegment(path, number, 0);
        segment.append(MAGIC);
        forceDirectory(directory);
        return segment;
    }

    /** A new file is found after a loss of power only if its directory is on the disk; not every system can do that. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("the directory {} cannot be forced onto the disk", directory, e);
        }
    }

    /** Opens a file that an earlier producer left, and cuts off what is torn or damaged. */
    static Found open(Path path) throws IOException {
        byte[] file = Files.readAllBytes(path);
        List<Integer> lengths = new ArrayList<>();
        int end = 0;
        if (file.length >= MAGIC.length && Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            end = MAGIC.length;
            for (int length = SpoolFrame.length(file, end); length > 0; length = SpoolFrame.length(file, end)) {
                lengths.add(length);
                end += length;
            }
        }
        String name = String.valueOf(path.getFileName());
        long number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        SpoolSegment segment = new SpoolSegment(path, number, end);
        segment.writer.setLength(end);
        return new Found(segment, lengths, file.length - end);
    }

    long number() {
        return number;
    }

    long size() {
        return size;
    }

    /** Where the bytes begin. A write that fails leaves nothing behind. */
    long append(byte[] bytes) throws IOException {
        long at = size;
        try {
            writer.seek(at);
            writer.write(bytes);
        } catch (IOException e) {
            writer.setLength(at);
            throw e;
        }
        size = at + bytes.length;
        return at;
    }

    synchronized byte[] read(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        reader.seek(at);
        reader.readFully(bytes);
        return bytes;
    }

    /** Returns when what has been appended up to there is on the disk; a file that was removed needs no more of it. */
    synchronized void force(long upTo) throws IOException {
        if (!closed && forced < upTo) {
            long now = size;
            writer.getFD().sync();
            forced = now;
        }
    }

    void took() {
        unsettled++;
    }

    void settled() {
        unsettled--;
    }

    boolean hasUnsettled() {
        return unsettled > 0;
    }

    synchronized void close() throws IOException {
        closed = true;
        writer.close();
        reader.close();
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(path);
    }

    /** A file that was left: the lengths of its frames, and how many bytes were cut off behind them. */
    record Found(SpoolSegment segment, List<Integer> lengths, long cutBytes) {}
}
