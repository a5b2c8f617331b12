package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Many threads and a small heap. At full size: {@code -Dcdp.crowd.events=1000000}. */
final class CrowdTest {

    private static final int THREADS = 64;
    private static final int EVENTS = Integer.getInteger("cdp.crowd.events", 64_000);
    private static final long GROWTH = 4 << 20;

    @Test
    @Timeout(900)
    void sixty_four_threads_publish_in_128_megabytes_and_the_balance_is_exact() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .childProcess()
                .property("log.retention.bytes", Integer.toString(64 << 20))
                .property("log.segment.bytes", Integer.toString(32 << 20))
                .start()) {
            kafka.createTopic("shop.cart_opened", 6);
            Process crowd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CrowdMain.class.getName(),
                            kafka.bootstrapServers(),
                            Integer.toString(THREADS),
                            Integer.toString(EVENTS))
                    .redirectErrorStream(true)
                    .start();
            List<String> said = new String(crowd.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();

            assertThat(crowd.waitFor()).as(() -> String.join("\n", said)).isZero();
            assertThat(said).last().isEqualTo(new CloseReport(EVENTS, 0, 0, 0, 0).toString());
            List<Long> heaps = said.stream()
                    .filter(line -> line.startsWith("heap "))
                    .map(line -> Long.valueOf(line.substring("heap ".length())))
                    .toList();
            System.out.println("heap in use after each quarter: " + heaps);
            assertThat(heaps).hasSize(4);
            assertThat(heaps.get(3) - heaps.get(0)).as("growth of %s", heaps).isLessThan(GROWTH);
        }
    }
}
