package dev.cdp.consumer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The records beyond a committed offset that are settled already, as that commit's metadata carries them: a successor
 * skips them.
 *
 * <p>As text: {@code cdp1;B;group;topicId;first;runs;crc32c}. The runs are pairs of numbers, how far a run begins after
 * the end of the one before (the first: after {@code first}) and how long it is, each as unsigned LEB128 and all
 * together as unpadded base64url. What does not fit is left out from the end, and comes again after a crash.
 *
 * @param group twelve hex digits, by {@link CommitText#groupHash}
 * @param topicId the topic's id
 * @param first the committed offset itself
 * @param runs for the first offset of each run, the offset after its last; ascending and apart from each other
 */
record SettledRuns(String group, UUID topicId, long first, NavigableMap<Long, Long> runs) {

    /** What a broker takes by default ({@code offset.metadata.max.bytes}). */
    static final int MAX_LENGTH = 4_096;

    private static final String KIND = "B";
    private static final int FIELDS = 4;
    private static final int SEVEN_BITS = 0x7f;

    /** Copies the runs. */
    SettledRuns {
        runs = Collections.unmodifiableNavigableMap(new TreeMap<>(runs));
    }

    boolean contains(long offset) {
        Map.Entry<Long, Long> run = runs.isEmpty() ? null : runs.floorEntry(offset);
        return run != null && offset < run.getValue();
    }

    /**
     * As metadata of at most that many characters; empty where not even the topic's id fits. It is said of every offset
     * which topic it belongs to, also where nothing beyond it is settled.
     */
    String text(int longest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int least = seal(bytes).length();
        if (least > longest) {
            return "";
        }
        int room = bytesIn(longest - least);
        long end = first;
        for (Map.Entry<Long, Long> run : runs.entrySet()) {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            put(pair, run.getKey() - end);
            put(pair, run.getValue() - run.getKey());
            if (bytes.size() + pair.size() > room) {
                break;
            }
            bytes.writeBytes(pair.toByteArray());
            end = run.getValue();
        }
        return seal(bytes);
    }

    static SettledRuns parse(String text) throws CommitText.UnreadableException {
        List<String> fields = CommitText.open(text, KIND, "list of settled records", FIELDS);
        try {
            long first = Long.parseLong(fields.get(2));
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(fields.get(3)));
            NavigableMap<Long, Long> runs = new TreeMap<>();
            long end = first;
            while (bytes.hasRemaining()) {
                long begin = end + take(bytes);
                end = begin + take(bytes);
                runs.put(begin, end);
            }
            return new SettledRuns(fields.get(0), CommitText.uuid(fields.get(1)), first, runs);
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
            throw new CommitText.UnreadableException("its list of settled records cannot be read");
        }
    }

    private String seal(ByteArrayOutputStream bytes) {
        return CommitText.seal(
                KIND,
                List.of(
                        group,
                        CommitText.encode(topicId),
                        Long.toString(first),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray())));
    }

    /** Four characters hold three bytes, without padding. */
    private static int bytesIn(int characters) {
        return Math.max(0, characters * 3 / 4);
    }

    private static void put(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest > SEVEN_BITS) {
            out.write((int) (rest & SEVEN_BITS) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long take(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            number |= (long) (next & SEVEN_BITS) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }
}
