package dev.cdp.consumer;

import java.util.List;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The plan that a commit's metadata carries: which batch is open at the committed offset. A successor rebuilds exactly
 * that batch from it. A plan that ends where it begins says that none is open.
 *
 * <p>As text: {@code cdp1;P;group;topicId;first;end;epoch;replay;catalog;sdk;found;crc32c}, with group and catalog as twelve
 * hex digits, the topic id as unpadded base64url, and found as ascending distances from {@code first} in base 36. At
 * most {@link #MAX_LENGTH} characters.
 *
 * @param group the first twelve hex digits of what {@link CommitText#groupHash} gives
 * @param topicId the topic's id
 * @param first where the batch begins: the committed offset itself
 * @param end the offset after its last
 * @param epoch the greatest leader epoch of its records, or {@link #NO_EPOCH}; a record of it with a greater one was
 *     written after the log was cut
 * @param replay the replay number
 * @param catalog the first twelve hex digits of the catalog's hash
 * @param sdk who wrote it
 * @param found the offsets that the sink has rejected, ascending
 */
record Envelope(
        String group,
        UUID topicId,
        long first,
        long end,
        int epoch,
        int replay,
        String catalog,
        String sdk,
        SortedSet<Long> found) {

    static final int MAX_LENGTH = 512;

    /** The leader epoch of no record at all, and of records whose epoch is not known. */
    static final int NO_EPOCH = -1;

    private static final String PLAN = "P";
    private static final int FIELDS = 9;

    /** Checks the range and copies the offsets. */
    Envelope {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException("a plan of [" + first + "," + end + ")");
        }
        found = new TreeSet<>(found);
        if (!found.isEmpty() && (found.first() < first || found.last() >= end)) {
            throw new IllegalArgumentException("found offsets outside of [" + first + "," + end + ")");
        }
    }

    /** Whether a batch is open. */
    boolean open() {
        return end > first;
    }

    /** The same plan with offsets that the sink has rejected. */
    Envelope withFound(SortedSet<Long> offsets) {
        return new Envelope(group, topicId, first, end, epoch, replay, catalog, sdk, offsets);
    }

    /** Whether its text is short enough for a commit. */
    boolean fits() {
        return text().length() <= MAX_LENGTH;
    }

    String text() {
        StringJoiner distances = new StringJoiner(",");
        long before = first;
        for (long offset : found) {
            distances.add(Long.toString(offset - before, 36));
            before = offset;
        }
        return CommitText.seal(
                PLAN,
                List.of(
                        group,
                        CommitText.encode(topicId),
                        Long.toString(first),
                        Long.toString(end),
                        Integer.toString(epoch),
                        Integer.toString(replay),
                        catalog,
                        sdk,
                        distances.toString()));
    }

    static Envelope parse(String text) throws CommitText.UnreadableException {
        List<String> fields = CommitText.open(text, PLAN, "plan", FIELDS);
        try {
            long first = Long.parseLong(fields.get(2));
            return new Envelope(
                    fields.get(0),
                    CommitText.uuid(fields.get(1)),
                    first,
                    Long.parseLong(fields.get(3)),
                    Integer.parseInt(fields.get(4)),
                    Integer.parseInt(fields.get(5)),
                    fields.get(6),
                    fields.get(7),
                    found(first, fields.get(8)));
        } catch (IllegalArgumentException e) {
            throw new CommitText.UnreadableException("its plan cannot be read");
        }
    }

    private static SortedSet<Long> found(long first, String distances) {
        SortedSet<Long> found = new TreeSet<>();
        long offset = first;
        if (!distances.isEmpty()) {
            for (String distance : List.of(distances.split(",", -1))) {
                offset += Long.parseLong(distance, 36);
                found.add(offset);
            }
        }
        return found;
    }
}
