package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

import dev.cdp.core.sink.BatchId;

/**
 * The name by which a table knows a block that comes again. It is made of the batch's bounds and never of its rows, so
 * that whoever writes the batch again finds the same one.
 */
final class InsertToken {

    private static final int LENGTH = 32;

    private InsertToken() {}

    /** 32 hex digits of the SHA-256 of table id, topic id, partition, first and end offset, replay. */
    static String of(UUID table, BatchId batch) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * Long.BYTES + 2 * Integer.BYTES + 2 * Long.BYTES);
        put(bytes, table);
        put(bytes, batch.topicId());
        bytes.putInt(batch.partition());
        bytes.putLong(batch.firstOffset());
        bytes.putLong(batch.endOffset());
        bytes.putInt(batch.replay());
        return digest(bytes.array());
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void put(ByteBuffer bytes, UUID id) {
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
}
