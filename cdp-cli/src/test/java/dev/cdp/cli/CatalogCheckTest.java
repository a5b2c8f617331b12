package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cdp.cli.command.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

final class CatalogCheckTest {

    private static final Path SOCIAL =
            Path.of("..", "examples", "social", "src", "main", "resources", "cdp", "cdp.yaml");
    private static final String HEAD = "cdp: 1\ncatalog: t\nsource: //t\n";

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theExampleHasNothingButNotes() {
        assertThat(run("catalog", "check", SOCIAL.toString()))
                .as(out.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("0 errors, 0 warnings, ").contains("suppressed by the catalog");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void problemsAndFindingsAreSaidTogetherWithTheirPlace() throws IOException {
        Files.writeString(temp.resolve("s.json"), "{\"properties\":{\"n\":{\"type\":\"integer\"}}}");
        Path catalog = Files.writeString(
                temp.resolve("cdp.yaml"), HEAD + "colour: red\nevents: { e: { schema: s.json, key: /m } }\n");

        assertThat(run("catalog", "check", "--catalog", catalog.toString())).isEqualTo(ExitCode.FINDINGS);

        assertThat(out.toString())
                .contains(catalog + ":4:1: error: catalog: unknown key 'colour'")
                .contains(catalog + ":5:37: error: key: the schema declares no field '/m'; did you mean '/n'?")
                .contains(temp.resolve("s.json") + ":1:")
                .contains("warning: s.json#/properties/n: ")
                .contains("2 errors, 1 warning, 1 note\n");
    }

    /** Keys and values of files are shown, and do not speak for the build. */
    @Test
    void nothingInAFileIsACommandToTerminalOrBuildServer() throws IOException {
        Path catalog = Files.writeString(temp.resolve("cdp.yaml"), HEAD + """
                "colour\\e[2J\\e]0;x\\a": red
                "a\\n::error file=x::forged": 1
                "b\\r\\n  ::warning::forged\\u2028::x": 1
                "c ##[error]forged ##vso[task.complete] \\u202e\\u009b31m": 1
                """);

        for (String[] more : new String[][] {{}, {"--json"}}) {
            out.getBuffer().setLength(0);
            String[] command = {"catalog", "check", "--catalog", catalog.toString()};
            String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
            System.arraycopy(more, 0, all, command.length, more.length);
            assertThat(run(all)).isEqualTo(ExitCode.FINDINGS);

            assertThat(out.toString())
                    .containsIgnoringCase("colour\\u001b[2J")
                    .contains("forged")
                    .doesNotContain("##[", "##vso[", "\u202e", "\u2028");
            assertThat(out.toString().chars().filter(c -> Character.isISOControl(c) && c != '\n'))
                    .isEmpty();
            assertThat(out.toString().lines().map(String::strip)).noneMatch(line -> line.startsWith("::"));
        }
        assertThat(out.toString().lines()).hasSize(1);
    }

    /** Whatever a command prints, and however it is cut into writes. */
    @Test
    void everyOutputGoesThroughTheSameDoor() throws IOException {
        java.io.StringWriter shown = new java.io.StringWriter();
        try (java.io.PrintWriter writer = new java.io.PrintWriter(new TerminalWriter(shown))) {
            writer.print("one");
            writer.flush();
            writer.print("::two\n:");
            writer.print(":error::x\n\t ::y\n##");
            writer.print("[z]\ttab 👍\u200d\u0007\n");
        }
        assertThat(shown).hasToString("one::two\n\\::error::x\n\t \\::y\n#\\#[z]\ttab 👍\u200d\\u0007\n");
    }

    @Test
    void jsonIsOneDocumentForMachines() throws IOException {
        Files.writeString(
                temp.resolve("s.json"),
                "{\"properties\":{\"n\":{\"type\":\"integer\"},\"email\":{\"type\":\"string\"}}}");
        Path catalog = Files.writeString(temp.resolve("cdp.yaml"), HEAD + """
                events: { e: { schema: s.json, owner: o, description: d } }
                lint: { ignore: [ { rule: pii-untagged, at: "s.json*", reason: "a machine's" } ] }
                """);

        assertThat(run("catalog", "check", catalog.toString(), "--json")).isEqualTo(ExitCode.FINDINGS);

        JsonNode document = new JsonMapper().readTree(out.toString());
        assertThat(document.path("passes").asBoolean()).isFalse();
        JsonNode finding = document.at("/findings/0");
        assertThat(finding.path("rule").asString()).isEqualTo("insert-integer");
        assertThat(finding.path("severity").asString()).isEqualTo("warning");
        assertThat(finding.path("file").asString())
                .isEqualTo(temp.resolve("s.json").toString());
        assertThat(finding.path("line").asInt()).isEqualTo(1);
        assertThat(document.at("/findings").size()).isEqualTo(1);
        assertThat(document.at("/suppressed/0/reason").asString()).isEqualTo("a machine's");
    }

    @Test
    void whatCannotBeReadIsNoFinding() {
        assertThat(run("catalog", "check", temp.resolve("absent.yaml").toString()))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("there is no file").contains("begins with 'cdp: 1'");
        assertThat(run("catalog", "check", "a", "--catalog", "b")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("catalog", "check", "--jsn")).isEqualTo(ExitCode.UNUSABLE);
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err, true), args);
    }
}
