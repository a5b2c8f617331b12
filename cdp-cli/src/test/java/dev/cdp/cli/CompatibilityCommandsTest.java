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

final class CompatibilityCommandsTest {

    private static final Path SOCIAL = Path.of("..", "examples", "social", "src", "main", "resources", "cdp");

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void compatibleSchemasEndWithZero() throws IOException {
        assertThat(compat("--mode", "BACKWARD", file("a.json", "{'enum':['x']}"), file("b.json", "{'type':'string'}")))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("b.json: BACKWARD by policy strict: compatible");
    }

    @Test
    void everyDifferenceIsPrintedWithItsPointer() throws IOException {
        int exit = compat("--mode", "full", file("a.json", "{'enum':['x']}"), file("b.json", "{'enum':['x','y']}"));

        assertThat(exit).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("not compatible")
                .contains("  payload: the new schema allows \"y\", the old one does not [FORWARD, /enum]");
    }

    @Test
    void machinesGetOneDocument() throws IOException {
        String older = file("a.json", "{'type':'object'}");
        String newer = file("b.json", "{'type':'object','properties':{'p':{'type':'string'}}}");

        assertThat(compat("--mode", "BACKWARD", "--json", older, newer)).isEqualTo(ExitCode.FINDINGS);
        JsonNode strict = document();
        assertThat(compat("--mode", "BACKWARD", "--policy", "lenient", "--json", older, newer))
                .isEqualTo(ExitCode.OK);

        assertThat(strict.at("/comparisons/0/differences/0/pointer").asString()).isEqualTo("/properties/p/properties");
        assertThat(strict.at("/comparisons/0/differences/0/field").asString()).isEqualTo("/p");
        assertThat(document().path("compatible").asBoolean()).isTrue();
    }

    @Test
    void aTransitiveModeTakesEveryVersion() throws IOException {
        String one = file("a.json", "{'type':'string'}");
        String two = file("b.json", "{'type':['string','integer']}");
        String three = file("c.json", "{'type':['string','integer','null']}");

        assertThat(compat("--mode", "BACKWARD_TRANSITIVE", one, two, three)).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines().filter(line -> line.endsWith("policy strict: compatible")))
                .hasSize(2);
    }

    @Test
    void wrongUsageAndUnreadableSchemasEndWithTwo() throws IOException {
        String one = file("a.json", "{}");

        assertThat(compat("--mode", "SIDEWARD", one, one)).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--mode: expected one of BACKWARD, FORWARD, FULL");
        assertThat(compat("--mode", "FULL", one)).isEqualTo(ExitCode.UNUSABLE);
        assertThat(compat("--mode", "FULL", one, temp.resolve("none.json").toString()))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("there is no file");
    }

    @Test
    void aLockIsWrittenOnceAndHoldsFromThenOn() throws IOException {
        file("s.json", "{'type':'object'}");
        String catalog = file("cdp.yaml", "cdp: 1\ncatalog: t\nsource: //t\nevents: { e: { schema: s.json } }\n");

        assertThat(run("catalog", "lock", catalog)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("cdp.lock: 1 versions of 1 events, 1 of them new");
        String lock = Files.readString(temp.resolve("cdp.lock"));
        assertThat(run("catalog", "lock", catalog)).isEqualTo(ExitCode.OK);
        assertThat(temp.resolve("cdp.lock")).hasContent(lock);

        file("s.json", "{'type':'object','required':['a']}");
        assertThat(run("catalog", "lock", catalog)).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).contains("cdp.lock:6:5: event 'e', version 1: it is locked as ");
        assertThat(temp.resolve("cdp.lock")).hasContent(lock);
        assertThat(run("catalog", "lock", temp.resolve("none.yaml").toString())).isEqualTo(ExitCode.UNUSABLE);
    }

    @Test
    void theDiffOfTheIncidentBreaksAndSaysWhat() {
        int exit = run(
                "catalog",
                "diff",
                SOCIAL.resolve("cdp.1.yaml").toString(),
                SOCIAL.resolve("cdp.yaml").toString());

        assertThat(exit).as(err.toString()).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("post_viewed (changed, topic cdp.social)")
                .contains(
                        "    /context/subject_type: 'subject_type' is required by the new schema and optional in the old")
                .contains("  care: table cdp.post_viewed: column context_subject_type changes from Nullable(String)")
                .contains("(--all shows them)")
                .contains(" events differ; 5 changes break something");
    }

    @Test
    void aDiffIsForMachinesToo() {
        run(
                "catalog",
                "diff",
                "--json",
                SOCIAL.resolve("cdp.1.yaml").toString(),
                SOCIAL.resolve("cdp.yaml").toString());

        JsonNode document = document();
        assertThat(document.path("breaking").asBoolean()).isTrue();
        assertThat(document.at("/events/0/event").asString()).isEqualTo("post_viewed");
        assertThat(document.at("/events/0/versions/0/after").asInt()).isEqualTo(2);
        assertThat(document.at("/events/0/impacts/0/weight").asString()).isEqualTo("breaking");
        assertThat(run(
                        "catalog",
                        "diff",
                        SOCIAL.resolve("cdp.yaml").toString(),
                        SOCIAL.resolve("cdp.yaml").toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo("the catalogs say the same\n");
    }

    @Test
    void aDiffShowsWhatALockedVersionChanged() throws IOException {
        file("s.json", "{'type':'object'}");
        String catalog = file("cdp.yaml", "cdp: 1\ncatalog: t\nsource: //t\nevents: { e: { schema: s.json } }\n");
        run("catalog", "lock", catalog);
        String changed = file("new.yaml", "cdp: 1\ncatalog: t\nsource: //t\nevents: { e: { schema: t.json } }\n");
        file("t.json", "{'type':'object','required':['a']}");
        Files.copy(temp.resolve("cdp.lock"), temp.resolve("new.lock"));

        assertThat(run("catalog", "diff", catalog, changed)).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).contains("version 1 of 'e' was changed and keeps its number");
    }

    private int compat(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "schema";
        all[1] = "compat";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return run(all);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private JsonNode document() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text.replace('\'', '"')).toString();
    }
}
