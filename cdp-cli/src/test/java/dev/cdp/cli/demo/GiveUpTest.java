package dev.cdp.cli.demo;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A demo whose loader cannot go on says that it gave up, and what is missing. */
@CdpTest
@Tag("campaign")
final class GiveUpTest {

    private static final Duration WITHOUT_PROGRESS = Duration.ofSeconds(10);

    private final StringWriter out = new StringWriter();

    /** The engine is not used: where there is none, asking for one skips this test. */
    @Test
    void aLoaderThatIsHeldUpIsNoBalanceThatDoesNotHold(EmbeddedClickHouse engine) throws Exception {
        assertThat(engine.url()).isNotNull();
        Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
        PrintWriter printer = new PrintWriter(out, true);
        try (Servers servers = Servers.start(null, null, catalog, printer)) {
            ClickHouse clickHouse = servers.clickHouse();
            CompletableFuture<Verdict> demo = CompletableFuture.supplyAsync(() -> {
                try {
                    return new Demo(catalog, servers, 50, printer, WITHOUT_PROGRESS).run();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until(
                    "the table of post_viewed",
                    () -> clickHouse.execute("EXISTS TABLE cdp.post_viewed").strip(),
                    "1"::equals);

            clickHouse.execute("ALTER TABLE cdp.post_viewed MODIFY SETTING table_readonly = 1");

            assertThat(demo.get()).as(out.toString()).isEqualTo(Verdict.NOT_KNOWN);
            assertThat(out.toString())
                    .contains("GAVE UP  nothing has moved for 10 s; still missing:")
                    .contains("records that the loader has not committed: ")
                    .contains(" : NOT KNOWN, the demo gave up")
                    .doesNotContain("DOES NOT HOLD");
        }
    }
}
