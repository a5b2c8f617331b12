package dev.cdp.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.registry.SchemaKey;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's framing: a schema's id in a header, or in front of the value.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Wire
 *     format</a>
 */
final class SchemaFrames {

    /** A magic byte, then the schema's GUID or id. */
    static final String HEADER = "__value_schema_id";

    private static final byte ID = 0;
    private static final byte GUID = 1;
    private static final int ID_LENGTH = 1 + Integer.BYTES;
    private static final int GUID_LENGTH = 1 + 2 * Long.BYTES;

    private SchemaFrames() {}

    /** JSON never begins with a zero byte. */
    static boolean isInFront(byte[] value) {
        return value.length > 0 && value[0] == ID;
    }

    /** The key of the schema that a record names, or null if it names none. */
    static @Nullable SchemaKey key(EventHeaders headers, byte[] value) throws UnreadableException {
        byte[] header = headers.bytes(HEADER).orElse(null);
        if (header != null) {
            return ofHeader(header);
        }
        if (!isInFront(value)) {
            return null;
        }
        if (value.length < ID_LENGTH) {
            throw UnreadableException.undecodable("the value begins with 0x00, as a schema id does: expected 4 more"
                    + " bytes at least, found " + (value.length - 1));
        }
        return new SchemaKey.Id(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt());
    }

    private static SchemaKey ofHeader(byte[] header) throws UnreadableException {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        if (header.length == GUID_LENGTH && bytes.get() == GUID) {
            return new SchemaKey.Guid(new UUID(bytes.getLong(), bytes.getLong()));
        }
        bytes.rewind();
        if (header.length == ID_LENGTH && bytes.get() == ID) {
            return new SchemaKey.Id(bytes.getInt());
        }
        throw UnreadableException.undecodable(
                "header " + HEADER + ": expected 0x01 and 16 bytes, or 0x00 and 4, found " + header.length + " bytes");
    }

    /** What stands behind the frame. */
    static byte[] content(EventHeaders headers, byte[] value) {
        return headers.bytes(HEADER).isPresent() ? value : Arrays.copyOfRange(value, ID_LENGTH, value.length);
    }
}
