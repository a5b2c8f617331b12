package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The plan that a commit's metadata carries: which batch is open at the committed offset. A successor rebuilds exactly
 * that batch from it. A plan that ends where it begins says that none is open.
 *
 * <p>As text: {@code cdp1;P;group;topicId;first;end;replay;catalog;sdk;found;crc32c}, with group and catalog as twelve
 * hex digits, the topic id as unpadded base64url, and found as ascending distances from {@code first} in base 36. At
 * most {@link #MAX_LENGTH} characters.
 *
 * @param group the first twelve hex digits of what {@link #groupHash} gives
 * @param topicId the topic's id
 * @param first where the batch begins: the committed offset itself
 * @param end the offset after its last
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
        int replay,
        String catalog,
        String sdk,
        SortedSet<Long> found) {

    static final int MAX_LENGTH = 512;

    private static final String FORMAT = "cdp1";
    private static final String PLAN = "P";
    private static final int FIELDS = 11;

    /** Thrown for text that is no envelope; the message says in what way. */
    static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

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

    /** Names a group in twelve hex digits. */
    static String groupHash(String group) {
        return String.format(Locale.ROOT, "%08x%04x", crc(group), group.hashCode() & 0xffff);
    }

    /** Whether a batch is open. */
    boolean open() {
        return end > first;
    }

    /** The same plan with offsets that the sink has rejected. */
    Envelope withFound(SortedSet<Long> offsets) {
        return new Envelope(group, topicId, first, end, replay, catalog, sdk, offsets);
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
        String body = String.join(
                ";",
                FORMAT,
                PLAN,
                group,
                encode(topicId),
                Long.toString(first),
                Long.toString(end),
                Integer.toString(replay),
                catalog,
                sdk,
                distances.toString());
        return body + ";" + String.format(Locale.ROOT, "%08x", crc(body));
    }

    static Envelope parse(String text) throws UnreadableException {
        if (text.isEmpty()) {
            throw new UnreadableException("it carries no plan");
        }
        if (text.length() > MAX_LENGTH || !text.startsWith("cdp")) {
            throw new UnreadableException("its metadata is not of cdp");
        }
        List<String> fields = List.of(text.split(";", -1));
        if (!fields.get(0).equals(FORMAT)) {
            throw new UnreadableException("its plan has another format than " + FORMAT + ", of a newer cdp");
        }
        int checksumAt = text.lastIndexOf(';');
        String checksum = String.format(Locale.ROOT, "%08x", crc(text.substring(0, checksumAt)));
        if (fields.size() != FIELDS || !fields.get(FIELDS - 1).equals(checksum)) {
            throw new UnreadableException("its plan is damaged: the checksum does not fit");
        }
        if (!fields.get(1).equals(PLAN)) {
            throw new UnreadableException("it carries no plan but an envelope of another kind");
        }
        try {
            long first = Long.parseLong(fields.get(4));
            return new Envelope(
                    fields.get(2),
                    decode(fields.get(3)),
                    first,
                    Long.parseLong(fields.get(5)),
                    Integer.parseInt(fields.get(6)),
                    fields.get(7),
                    fields.get(8),
                    found(first, fields.get(9)));
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("its plan cannot be read");
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

    private static String encode(UUID id) {
        byte[] bytes = new byte[16];
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static UUID decode(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != 16) {
            throw new IllegalArgumentException("topic id");
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = (high << 8) | (bytes[i] & 0xff);
            low = (low << 8) | (bytes[8 + i] & 0xff);
        }
        return new UUID(high, low);
    }

    private static long crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
