package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code ddl plan} and {@code ddl apply} against a real server. */
@CdpTest
final class DdlCommandsTest {

    private final EmbeddedClickHouse server;
    private final String database = "ddl" + ProcessHandle.current().pid();

    @TempDir
    private Path temp;

    private StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    DdlCommandsTest(EmbeddedClickHouse server) {
        this.server = server;
    }

    @Test
    void aPlanIsAppliedOnceAndWhatIsNotSafeIsNamed() throws IOException {
        Path catalog = catalog("n: { type: integer }", "[n]");
        assertThat(run("plan", catalog)).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("-- create-table:" + database + ".e\n-- safe: there is none\nCREATE TABLE IF NOT EXISTS `"
                        + database + "`.`e`")
                .endsWith("-- 2 steps, 2 of them safe: bin/cdp ddl apply runs those\n");
        assertThat(run("apply", catalog)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(run("plan", catalog)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo("-- nothing differs\n");

        server.query("INSERT INTO " + database + ".e (n, event_time) VALUES (5, now())");
        catalog = catalog("n: { type: integer, minimum: 0, maximum: 9 }", "[n]");
        String step = "modify-column:" + database + ".e.n";
        assertThat(run("apply", catalog)).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("-- " + step + "\n-- named: column n is Int64 on the server and UInt8 in the catalog")
                .contains("\n-- ALTER TABLE `" + database + "`.`e` MODIFY COLUMN `n` UInt8;\n");
        assertThat(run("plan", catalog, "--json")).isEqualTo(ExitCode.FINDINGS);
        JsonNode document = new JsonMapper().readTree(out.toString());
        assertThat(document.at("/steps/0/risk").asString()).isEqualTo("named");
        assertThat(run("apply", catalog, "--allow", step)).isEqualTo(ExitCode.OK);
        assertThat(server.query("SELECT n, toTypeName(n) FROM " + database + ".e")
                        .strip())
                .isEqualTo("5\tUInt8");
    }

    @Test
    void aClusterAndReplicasAreInThePlanWhenTheyAreAskedFor() throws IOException {
        server.query("DROP DATABASE IF EXISTS " + database + " SYNC");
        assertThat(run("plan", catalog("n: { type: integer }", "[n]"), "--cluster", "north", "--replicated"))
                .isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("CREATE TABLE IF NOT EXISTS `" + database + "`.`e` ON CLUSTER `north`\n")
                .contains("ENGINE = ReplicatedMergeTree\n")
                .contains("replicated_deduplication_window_seconds = 604800");
    }

    @Test
    void aUrlWithAPasswordIsRefusedAndNotPrinted() throws IOException {
        assertThat(Main.run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        "ddl",
                        "plan",
                        catalog("n: { type: integer }", "[]").toString(),
                        "--clickhouse-url",
                        "http://u:hush@127.0.0.1:1"))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("does not belong into a URL").doesNotContain("hush");
    }

    private Path catalog(String properties, String required) throws IOException {
        return Files.writeString(
                temp.resolve("cdp.yaml"),
                "cdp: 1\ncatalog: t\nsource: //t\ndefaults: { table: { database: " + database + " } }\n"
                        + "events: { e: { schema: { type: object, required: " + required + ", properties: { "
                        + properties
                        + " } } } }\n");
    }

    private int run(String command, Path catalog, String... more) throws IOException {
        out = new StringWriter();
        Path password = Files.writeString(temp.resolve("password"), server.password() + "\n");
        List<String> args = new ArrayList<>(List.of(
                "ddl",
                command,
                catalog.toString(),
                "--clickhouse-url",
                server.url().toString(),
                "--clickhouse-user",
                server.user(),
                "--clickhouse-password-file",
                password.toString()));
        args.addAll(List.of(more));
        return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    }
}
