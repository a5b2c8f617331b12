package dev.cdp.producer;

import java.util.List;

import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads and a small heap. The campaign publishes 64,000 events, 1,000,000 at full size; another number: {@code
 * -Dcdp.crowd.events=…}.
 */
final class CrowdTest {

    private static final int THREADS = 64;
    private static final int FEW = 4_000;
    private static final int EVENTS =
            Integer.getInteger("cdp.crowd.events", Boolean.getBoolean("cdp.campaigns.full") ? 1_000_000 : 64_000);
    private static final long GROWTH = 4 << 20;

    @Test
    void sixty_four_threads_publish_and_the_balance_is_exact() {
        List<String> said = publish(EmbeddedKafka.builder(), FEW);

        assertThat(said).last().isEqualTo(new CloseReport(FEW, 0, 0, 0, 0).toString());
    }

    @Test
    @Tag("campaign")
    void sixty_four_threads_publish_in_128_megabytes_and_the_balance_is_exact() {
        List<String> said = publish(
                EmbeddedKafka.builder()
                        .childProcess()
                        .property("log.retention.bytes", Integer.toString(64 << 20))
                        .property("log.segment.bytes", Integer.toString(32 << 20)),
                EVENTS);

        assertThat(said).last().isEqualTo(new CloseReport(EVENTS, 0, 0, 0, 0).toString());
        List<Long> heaps = said.stream()
                .filter(line -> line.startsWith("heap "))
                .map(line -> Long.valueOf(line.substring("heap ".length())))
                .toList();
        System.out.println("heap in use after each quarter: " + heaps);
        assertThat(heaps).hasSize(4);
        assertThat(heaps.get(3) - heaps.get(0)).as("growth of %s", heaps).isLessThan(GROWTH);
    }

    private static List<String> publish(EmbeddedKafka.Builder builder, int events) {
        try (EmbeddedKafka kafka = builder.start()) {
            kafka.createTopic("shop.cart_opened", 6);
            try (ChildJvm crowd = ChildJvm.of(CrowdMain.class)
                    .jvmOption("-Xmx128m")
                    .jvmOption("-XX:+ExitOnOutOfMemoryError")
                    .start(kafka.bootstrapServers(), Integer.toString(THREADS), Integer.toString(events))) {
                for (int quarter = 1; quarter <= 4; quarter++) {
                    crowd.awaitOutput("quarter " + quarter);
                }
                crowd.awaitExit(0);
                return crowd.output().lines().toList();
            }
        }
    }
}
