package dev.cdp.embedded;

import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedClickHouseTest {
    @Test
    void aKilledServerComesBackOnItsPortWithItsRows() {
        try (EmbeddedClickHouse clickHouse = EngineOrSkip.startClickHouse()) {
            URI url = clickHouse.url();
            clickHouse.createDatabase("kept");
            clickHouse.query("CREATE TABLE kept.t (n Int64) ENGINE = MergeTree ORDER BY n");
            clickHouse.query("INSERT INTO kept.t SELECT number FROM numbers(7)");

            clickHouse.kill();
            assertThatThrownBy(() -> clickHouse.query("SELECT 1")).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(clickHouse::kill)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not running");
            clickHouse.restart();

            assertThat(clickHouse.url()).isEqualTo(url);
            assertThat(clickHouse.query("SELECT count() FROM kept.t")).isEqualTo("7\n");

            clickHouse.restart();

            assertThat(clickHouse.query("SELECT count() FROM kept.t")).isEqualTo("7\n");
        }
    }

    @Test
    void aPausedServerAnswersOnceItIsResumed() throws Exception {
        try (EmbeddedClickHouse clickHouse = EngineOrSkip.startClickHouse()) {
            clickHouse.pause();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> clickHouse.query("SELECT 42"));
            assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            clickHouse.resume();

            assertThat(answer.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("42\n");
        }
    }
}
