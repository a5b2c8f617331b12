package dev.cdp.clickhouse;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.core.sink.SinkResult.Rejection;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes to the server as LZ4 is the batch that goes there as it is, in fewer bytes. */
@CdpTest
final class CompressionTest {

    private final EmbeddedClickHouse server;
    private final Fixture fixture;

    CompressionTest(EmbeddedClickHouse server) {
        this.server = server;
        this.fixture = new Fixture(server);
    }

    @Test
    void aCompressedBatchIsStoredAndIsTheSameBatchWithoutCompression() throws Exception {
        try (ClickHouseSink plain = fixture.sink(fixture.clicks());
                ClickHouseSink compressed = compressed()) {
            plain.migrate();
            EventBatch batch = Fixture.clicks(0, 20_000);

            assertThat(compressed.write(batch)).isEqualTo(SinkResult.stored(20_000));
            assertThat(plain.write(batch)).isEqualTo(SinkResult.stored(20_000));

            assertThat(fixture.query("SELECT count(), uniqExact(_offset), sum(n = _offset) FROM {db}.clicked"))
                    .isEqualTo("20000\t20000\t20000");
            List<Long> received = received();
            assertThat(received).hasSize(2);
            assertThat(received.get(0)).as("bytes of LZ4").isLessThan(received.get(1) / 2);
        }
    }

    @Test
    void guiltyRowsOfACompressedBatchAreFound() throws Exception {
        try (ClickHouseSink sink = compressed()) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.clicked ADD CONSTRAINT odd CHECK n != 77");

            assertThat(sink.write(Fixture.clicks(0, 1_000)).rejected())
                    .extracting(Rejection::offset)
                    .containsExactly(77L);
        }
    }

    @Test
    void aFrameIsItsPartsOneAfterTheOther() throws Exception {
        byte[] bytes = new byte[700_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        byte[] frame = Lz4Frame.of(List.of(ByteBuffer.wrap(bytes, 0, 10), ByteBuffer.wrap(bytes, 300_000, 400_000)));

        byte[] expected = Arrays.copyOf(bytes, 400_010);
        System.arraycopy(bytes, 300_000, expected, 10, 400_000);
        try (LZ4FrameInputStream in = new LZ4FrameInputStream(new ByteArrayInputStream(frame))) {
            assertThat(in.readAllBytes()).isEqualTo(expected);
        }
    }

    /** Bytes that came with each insert, in the order of the inserts. */
    private List<Long> received() {
        fixture.query("SYSTEM FLUSH LOGS query_log");
        String bytes = fixture.query("SELECT ProfileEvents['NetworkReceiveBytes'] FROM system.query_log"
                + " WHERE type = 'QueryFinish' AND query_kind = 'Insert' AND has(tables, '{db}.clicked')"
                + " ORDER BY event_time_microseconds");
        return bytes.lines().map(Long::valueOf).toList();
    }

    private ClickHouseSink compressed() {
        return ClickHouseSink.builder(fixture.clicks())
                .url(server.url())
                .credentials(server.user(), server::password)
                .compression(Compression.LZ4)
                .build();
    }
}
