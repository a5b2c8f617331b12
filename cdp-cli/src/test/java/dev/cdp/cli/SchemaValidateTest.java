package dev.cdp.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.cdp.cli.command.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

final class SchemaValidateTest {

    /** Of about a kilobyte each. */
    private static final int LINES = Integer.getInteger("cdp.ndjson.lines", 150_000);

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path schema;

    @BeforeEach
    void writeSchema() throws IOException {
        Files.writeString(temp.resolve("part.json"), "{\"$defs\":{\"id\":{\"type\":\"integer\",\"minimum\":1}}}");
        schema = Files.writeString(
                temp.resolve("my schema.json"),
                "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"$ref\":\"part.json#/$defs/id\"}}}");
    }

    @Test
    void everyLineIsAnsweredByALine() throws IOException {
        Path lines = Files.write(
                temp.resolve("in.ndjson"),
                "{\"id\":1}\r\n\n  \n{\"id\":0}\n{}\n{\"id\":\nnull\n\u00e4\n{\"id\":2}"
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(validate(lines.toString())).isEqualTo(ExitCode.FINDINGS);

        List<JsonNode> answers = out.toString().lines().map(JSON::readTree).toList();
        assertThat(answers).extracting(answer -> answer.path("line").asInt()).containsExactly(1, 4, 5, 6, 7, 8, 9);
        assertThat(answers)
                .extracting(answer -> answer.path("valid").asBoolean())
                .containsExactly(true, false, false, false, false, false, true);
        assertThat(answers)
                .extracting(answer -> answer.at("/violations/0/keyword").asString(""))
                .containsExactly("", "minimum", "required", "x-json", "type", "x-json", "");
        assertThat(answers.get(1).at("/violations/0/path").asString()).isEqualTo("/id");
        assertThat(answers.get(1).at("/violations/0/message").asString()).isNotBlank();
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.propertyNames()).containsExactly("line", "valid", "violations"));
    }

    @Test
    void aFileOfValidLinesEndsWellAndAnEmptyOneToo() throws IOException {
        assertThat(validate(Files.writeString(temp.resolve("a"), "{\"id\":1}\n").toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo("{\"line\":1,\"valid\":true,\"violations\":[]}\n");
        assertThat(validate(Files.writeString(temp.resolve("b"), "").toString()))
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void aLineLongerThanAnyRecordIsRefusedAndTheNextOneIsRead() throws IOException {
        Path lines = temp.resolve("long.ndjson");
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        try (OutputStream file = Files.newOutputStream(lines)) {
            for (int i = 0; i < 40; i++) {
                file.write(block);
            }
            file.write("\n{\"id\":1}\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(validate(lines.toString())).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString().lines().map(JSON::readTree))
                .extracting(answer -> answer.at("/violations/0/keyword").asString("valid"))
                .containsExactly("x-limit", "valid");
    }

    /** The input is far larger than the heap of the process, and never there as a whole, on disk or in memory. */
    @Test
    void memoryStaysTheSameWhateverTheSize() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "schema",
                        "validate",
                        "--schema",
                        schema.toString(),
                        "--ndjson",
                        "-")
                .redirectError(temp.resolve("err.txt").toFile())
                .start();
        try {
            byte[] line = ("{\"id\":12345,\"text\":\"" + "y".repeat(980) + "\"}\n").getBytes(StandardCharsets.UTF_8);
            Thread feeder = new Thread(() -> feed(child, line));
            feeder.start();
            long answered;
            try (var answers = child.inputReader(StandardCharsets.UTF_8)) {
                answered = answers.lines().count();
            }

            assertThat(child.waitFor())
                    .as(Files.readString(temp.resolve("err.txt")))
                    .isEqualTo(ExitCode.OK);
            assertThat(answered).as("lines answered").isEqualTo(LINES);
            feeder.join();
        } finally {
            child.destroyForcibly();
        }
    }

    private static void feed(Process child, byte[] line) {
        try (OutputStream to = new BufferedOutputStream(child.getOutputStream(), 1 << 16)) {
            for (int i = 0; i < LINES; i++) {
                to.write(line);
            }
        } catch (IOException e) {
            child.destroyForcibly(); // it ended early; its exit code tells
        }
    }

    @Test
    void whatCannotBeReadIsSaid() {
        assertThat(validate(temp.resolve("absent").toString())).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--ndjson").contains("cannot be read");
        schema = temp.resolve("none.json");
        assertThat(validate("-")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("there is no file");
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err, true), "schema", "validate"))
                .isEqualTo(ExitCode.UNUSABLE);
    }

    private int validate(String ndjson) {
        return Main.run(new PrintWriter(out), new PrintWriter(err, true), args(ndjson));
    }

    private String[] args(String ndjson) {
        return new String[] {"schema", "validate", "--schema", schema.toString(), "--ndjson", ndjson};
    }
}
