package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The frame of all that the consumer writes into a commit's metadata: {@code cdp1;kind;field;…;crc32c}, one line of
 * ASCII whose checksum covers everything before its last semicolon.
 */
final class CommitText {

    private static final String FORMAT = "cdp1";

    private CommitText() {}

    /** Thrown for text that is not what was looked for; the message says in what way. */
    static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

    static String seal(String kind, List<String> fields) {
        String body = FORMAT + ";" + kind + ";" + String.join(";", fields);
        return body + ";" + checksum(body);
    }

    /**
     * The fields of a text.
     *
     * @param what names the kind in messages
     * @param count how many fields that kind has
     */
    static List<String> open(String text, String kind, String what, int count) throws UnreadableException {
        if (text.isEmpty()) {
            throw new UnreadableException("it carries no " + what);
        }
        if (!text.startsWith("cdp")) {
            throw new UnreadableException("its metadata is not of cdp");
        }
        List<String> parts = new ArrayList<>(List.of(text.split(";", -1)));
        if (!parts.get(0).equals(FORMAT)) {
            throw new UnreadableException("its " + what + " has another format than " + FORMAT + ", of a newer cdp");
        }
        if (!parts.remove(parts.size() - 1).equals(checksum(text.substring(0, text.lastIndexOf(';'))))) {
            throw new UnreadableException("its " + what + " is damaged: the checksum does not fit");
        }
        if (parts.size() < 2 || !parts.get(1).equals(kind)) {
            throw new UnreadableException("it carries no " + what + " but an envelope of another kind");
        }
        if (parts.size() != count + 2) {
            throw new UnreadableException("its " + what + " cannot be read");
        }
        return parts.subList(2, parts.size());
    }

    /** Names a group in twelve hex digits. */
    static String groupHash(String group) {
        return checksum(group) + HexFormat.of().toHexDigits(group.hashCode(), 4);
    }

    static String encode(UUID id) {
        byte[] bytes = new byte[16];
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Throws {@code IllegalArgumentException} for what is no id. */
    static UUID uuid(String text) {
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

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits(crc.getValue(), 8);
    }
}
