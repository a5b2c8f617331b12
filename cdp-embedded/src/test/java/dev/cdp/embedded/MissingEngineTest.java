package dev.cdp.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

class MissingEngineTest {
    @TempDir
    private Path temp;

    @Test
    void withoutAnEngineTestsThatNeedItAreSkippedAndOthersRun() throws IOException {
        assertThat(run("false")).endsWith("containers skipped 1, tests succeeded 1, skipped 2, aborted 1, failed 0");
    }

    @Test
    void whereTheEngineIsRequiredTheyFail() throws IOException {
        assertThat(run("true")).endsWith("containers skipped 0, tests succeeded 1, skipped 0, aborted 0, failed 2");
    }

    private String run(String required) throws IOException {
        ProcessBuilder builder = TestJvm.of(Samples.class);
        builder.command().add(1, "-Dcdp.engine.required=" + required);
        builder.environment().put("PATH", "");
        builder.environment().put("CDP_CACHE", temp.toString());
        builder.environment().remove("CDP_CLICKHOUSE_URL");
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Runs the classes below by JUnit and prints the counts. */
    static final class Samples {
        public static void main(String[] args) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(ByMethod.class), selectClass(ByLifecycle.class))
                                    .build(),
                            listener);
            TestExecutionSummary summary = listener.getSummary();
            System.out.printf(
                    "containers skipped %d, tests succeeded %d, skipped %d, aborted %d, failed %d%n",
                    summary.getContainersSkippedCount(),
                    summary.getTestsSucceededCount(),
                    summary.getTestsSkippedCount(),
                    summary.getTestsAbortedCount(),
                    summary.getTestsFailedCount());
        }
    }

    @CdpTest
    static class ByMethod {
        @Test
        void needsTheEngine(EmbeddedClickHouse clickHouse) {
            clickHouse.query("SELECT 1");
        }

        @Test
        void startsItsOwn() {
            EngineOrSkip.startClickHouse().close();
        }

        @Test
        void needsNothing() {}
    }

    @CdpTest
    static class ByLifecycle {
        @BeforeAll
        static void prepare(EmbeddedClickHouse clickHouse) {
            clickHouse.query("SELECT 1");
        }

        @Test
        void isNotReached() {}
    }
}
