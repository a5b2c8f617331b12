package dev.cdp.consumer.redrive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.BitSet;
import java.util.UUID;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which letters of one partition are done: all before the frontier, and single ones behind it. They live in the
 * metadata of the frontier's commit, as a deflated bitmap, so that a redrive by any filter, now or later, takes no letter
 * twice.
 */
final class Marks {

    /** A broker's {@code offset.metadata.max.bytes}, unless it was changed. */
    static final int MAX_LENGTH = 4_096;

    private static final String FORMAT = "r1";
    /** A bitmap of so many letters inflates to 8 MB; a longer one was not written here. */
    private static final int MAX_BYTES = 8 << 20;

    private final UUID topicId;
    private final long base;
    private final BitSet done;

    private Marks(UUID topicId, long base, BitSet done) {
        this.topicId = topicId;
        this.base = base;
        this.done = done;
    }

    /**
     * The marks of a partition.
     *
     * @param beginning where its log begins
     */
    static Marks of(UUID topicId, long beginning, @Nullable OffsetAndMetadata committed) {
        Marks none = new Marks(topicId, beginning, new BitSet());
        if (committed == null) {
            return none;
        }
        String[] parts = committed.metadata().split(";", -1);
        if (parts.length != 3 || !parts[0].equals(FORMAT) || !parts[1].equals(topicId.toString())) {
            return none; // of a topic of that name that is gone
        }
        Marks stored = new Marks(topicId, committed.offset(), BitSet.valueOf(inflate(parts[2])));
        return stored.base >= beginning ? stored : stored.from(beginning);
    }

    /** What retention has deleted is done with. */
    private Marks from(long beginning) {
        int deleted = Math.toIntExact(Math.min(beginning - base, done.length()));
        return new Marks(topicId, beginning, done.get(deleted, Math.max(deleted, done.length())));
    }

    /** The first offset that is not done. */
    long frontier() {
        return base + done.nextClearBit(0);
    }

    boolean done(long offset) {
        return offset < base || done.get(index(offset));
    }

    void mark(long offset) {
        done.set(index(offset));
    }

    /** Marks offsets that hold no record: there is nothing to do about them. */
    void gap(long from, long to) {
        if (from < to) {
            done.set(index(from), index(to));
        }
    }

    private int index(long offset) {
        return Math.toIntExact(offset - base);
    }

    /** What a commit says; its metadata may be longer than {@link #MAX_LENGTH}. */
    OffsetAndMetadata committable() {
        int settled = done.nextClearBit(0);
        BitSet rest = done.get(settled, Math.max(settled, done.length()));
        return new OffsetAndMetadata(base + settled, FORMAT + ";" + topicId + ";" + deflate(rest.toByteArray()));
    }

    private static String deflate(byte[] bitmap) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(bitmap);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static byte[] inflate(String text) {
        try (InflaterInputStream in = new InflaterInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return in.readNBytes(MAX_BYTES);
        } catch (IOException | IllegalArgumentException e) {
            throw RedriveException.unusable(
                    "what the group has committed about redriven letters cannot be read; reset its offsets to redrive"
                            + " all dead letters again",
                    e);
        }
    }
}
