package dev.cdp.producer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a spool. The spool's lock guards appending and counting; reading and forcing have the segment's own. No
 * FileChannel, as an interrupt of a publishing thread would close it for all.
 */
final class SpoolSegment {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolSegment.class);

    /** Other files in the directory are somebody else's. */
    private static final Pattern NAME = Pattern.compile("0[0-8][0-9]{18}\\.spool");

    private static final String SUFFIX = ".spool";
    private static final byte[] MAGIC = "CDPSPL\0\2".getBytes(StandardCharsets.US_ASCII);
    private static final int MARKER = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Bytes in front of the first record. */
    static final int HEADER = MAGIC.length + MARKER;

    private final Path path;
    private final long number;
    /** Stands in front of each frame, so that reading goes on behind a damaged one; random, so that no payload has it. */
    private final byte[] marker;

    private final RandomAccessFile writer;
    private final RandomAccessFile reader;
    private volatile long size;
    private long forced;
    private boolean closed;
    private int unsettled;

    private SpoolSegment(Path path, byte[] marker, long size) throws IOException {
        this.path = path;
        this.number = number(path);
        this.marker = marker;
        this.writer = new RandomAccessFile(path.toFile(), "rw");
        this.reader = new RandomAccessFile(path.toFile(), "r");
        this.size = size;
    }

    static SpoolSegment create(Path directory, long number) throws IOException {
        Path path = directory.resolve(String.format(Locale.ROOT, "%020d", number) + SUFFIX);
        SpoolFiles.make(path);
        byte[] marker = new byte[MARKER];
        RANDOM.nextBytes(marker);
        SpoolSegment segment = new SpoolSegment(path, marker, 0);
        segment.write(MAGIC, marker);
        forceDirectory(directory);
        return segment;
    }

    /** Whether a file of a spool's directory is one of its segments. */
    static boolean isSegment(Path path) {
        return NAME.matcher(String.valueOf(path.getFileName())).matches() && Files.isRegularFile(path);
    }

    private static long number(Path path) {
        String name = String.valueOf(path.getFileName());
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** A new file is found after a loss of power only if its directory is on the disk; not every system can do that. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("the directory {} cannot be forced onto the disk", directory, e);
        }
    }

    /**
     * Opens a file that an earlier producer left. A frame that was cut short at the end is cut off; a damaged one is passed
     * over, and the file as it was is kept aside.
     */
    static Found open(Path path) throws IOException {
        SpoolFiles.make(path);
        byte[] file = Files.readAllBytes(path);
        SpoolScan scan = SpoolScan.of(file, MAGIC, MARKER);
        if (scan.damaged()) {
            keepAside(path);
        }
        SpoolSegment segment = new SpoolSegment(path, scan.marker(), scan.end());
        segment.writer.setLength(scan.end());
        return new Found(segment, scan);
    }

    /** Copies the file as it is. */
    void keepAside() throws IOException {
        keepAside(path);
    }

    private static void keepAside(Path path) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".damaged-" + System.currentTimeMillis());
        Files.copy(path, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    long number() {
        return number;
    }

    long size() {
        return size;
    }

    /** Where the frame begins. A write that fails leaves nothing behind. */
    long append(byte[] frame) throws IOException {
        return write(marker, frame) + MARKER;
    }

    /** What a frame takes in a file. */
    static long space(byte[] frame) {
        return MARKER + (long) frame.length;
    }

    private long write(byte[] first, byte[] second) throws IOException {
        long at = size;
        byte[] bytes = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, bytes, first.length, second.length);
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

    /** A file that was left, and what is in it. */
    record Found(SpoolSegment segment, SpoolScan scan) {}
}
