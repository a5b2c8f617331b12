package dev.cdp.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SkippedTestsTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path root;

    @BeforeEach
    void createExamples() throws IOException {
        Files.createDirectory(root.resolve("examples"));
    }

    @Test
    void countsTheSkippedTestsOfAllModulesByReason() throws Exception {
        report("cdp-a", START.plusSeconds(1), """
                <testcase name="a"><skipped message="no ClickHouse engine: PATH, npm"/></testcase>
                <testcase name="b"><skipped>org.opentest4j.TestAbortedException: no ClickHouse engine: x</skipped></testcase>
                <testcase name="c"/>
                """);
        report("examples/b", START.plusSeconds(1), """
                <testcase name="d"><skipped message="Assumption failed: no corpora at /x"/></testcase>
                """);

        assertThat(SkippedTests.summary(root, START))
                .containsExactly(
                        "SKIPPED 3 tests of all modules:",
                        "  2: no ClickHouse engine (install npm, or set CDP_CLICKHOUSE_URL)",
                        "  1: no corpora (set -Dcdp.corpora=DIR)");
    }

    @Test
    void saysNothingWhereNoneWasSkippedInThisBuild() throws Exception {
        report("cdp-a", START.plusSeconds(1), "<testcase name=\"a\"/>");
        report("cdp-b", START.minusSeconds(1), "<testcase name=\"b\"><skipped message=\"earlier\"/></testcase>");

        assertThat(SkippedTests.summary(root, START)).isEmpty();
    }

    private void report(String module, Instant time, String tests) throws IOException {
        Path folder = Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
        Path file = Files.writeString(folder.resolve("TEST-x.xml"), "<testsuite>" + tests + "</testsuite>");
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
