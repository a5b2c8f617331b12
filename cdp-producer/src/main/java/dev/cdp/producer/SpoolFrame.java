package dev.cdp.producer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in a spool: length and CRC32C of the body as big-endian int32, then the body; docs/spool.md
 * has its fields.
 */
final class SpoolFrame {

    static final int HEADER = 8;

    private SpoolFrame() {}

    static byte[] encode(ProducerRecord<byte[], byte[]> record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2_048);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(0); // Length and checksum, which are known last.
            writeBytes(out, record.topic().getBytes(StandardCharsets.UTF_8));
            out.writeLong(record.timestamp());
            writeBytes(out, record.key());
            writeBytes(out, record.value());
            Header[] headers = record.headers().toArray();
            out.writeInt(headers.length);
            for (Header header : headers) {
                writeBytes(out, header.key().getBytes(StandardCharsets.UTF_8));
                writeBytes(out, header.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] frame = bytes.toByteArray();
        int length = frame.length - HEADER;
        ByteBuffer.wrap(frame).putInt(length).putInt(checksum(frame, HEADER, length));
        return frame;
    }

    static ProducerRecord<byte[], byte[]> decode(byte[] frame) {
        ByteBuffer in = ByteBuffer.wrap(frame, HEADER, frame.length - HEADER);
        String topic = new String(requireBytes(in), StandardCharsets.UTF_8);
        long timestamp = in.getLong();
        byte[] key = readBytes(in);
        byte[] value = readBytes(in);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, timestamp, key, value);
        int headers = in.getInt();
        for (int i = 0; i < headers; i++) {
            record.headers().add(new String(requireBytes(in), StandardCharsets.UTF_8), readBytes(in));
        }
        return record;
    }

    /** The length of the whole frame at a place, or -1 if what stands there is none, or torn, or damaged. */
    static int length(byte[] file, int at) {
        if (file.length - at < HEADER) {
            return -1;
        }
        ByteBuffer in = ByteBuffer.wrap(file, at, HEADER);
        int length = in.getInt();
        boolean whole = length > 0 && length <= file.length - at - HEADER;
        return whole && in.getInt() == checksum(file, at + HEADER, length) ? HEADER + length : -1;
    }

    /** Whether the file ends before the frame at a place does, by the length that it says. */
    static boolean exceeds(byte[] file, int at) {
        return file.length - at < HEADER || ByteBuffer.wrap(file, at, HEADER).getInt() > file.length - at - HEADER;
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static void writeBytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] readBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] requireBytes(ByteBuffer in) {
        byte[] bytes = readBytes(in);
        return bytes == null ? new byte[0] : bytes;
    }
}
