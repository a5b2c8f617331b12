package dev.cdp.clickhouse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;

/**
 * Bytes in LZ4's frame format, which ClickHouse reads as {@code Content-Encoding: lz4}. The one class that knows lz4-java.
 *
 * @see <a href="https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md">LZ4 frame format</a>
 */
final class Lz4Frame {

    private static final BLOCKSIZE BLOCK = BLOCKSIZE.SIZE_256KB;
    private static final int USUAL_RATIO = 4;

    private Lz4Frame() {}

    /** Fails where lz4-java is not there, before it is needed. */
    static void requireLibrary() {
        try {
            byte[] unused = of(List.of(ByteBuffer.allocate(0)));
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "compression(LZ4) needs at.yawk.lz4:lz4-java on the class path; kafka-clients brings it, unless it was"
                            + " excluded",
                    e);
        }
    }

    /** One frame of these bytes, one after the other. */
    static byte[] of(List<ByteBuffer> parts) {
        int size = parts.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteArrayOutputStream frame = new ByteArrayOutputStream(Math.max(64, size / USUAL_RATIO));
        try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(frame, BLOCK)) {
            for (ByteBuffer part : parts) {
                out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of memory, never thrown
        }
        return frame.toByteArray();
    }
}
