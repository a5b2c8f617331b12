package dev.cdp.cli;

import java.io.IOException;
import java.io.InputStream;
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

    /** The input is far larger than what the process may use; it is never there as a whole, on disk or in memory. */
    @Test
    void memoryStaysTheSameWhateverTheSize() {
        InputStream before = System.in;
        try {
            System.setIn(new Repeated("{\"id\":12345,\"text\":\"" + "y".repeat(980) + "\"}\n", 300_000));
            long[] most = {0};
            PrintWriter counting = new PrintWriter(new Sink(most));

            int exit = Main.run(counting, new PrintWriter(err, true), args("-"));

            assertThat(exit).isEqualTo(ExitCode.OK);
            assertThat(most[0]).as("lines answered").isEqualTo(300_000);
        } finally {
            System.setIn(before);
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

    /** A line over and over. */
    private static final class Repeated extends InputStream {

        private final byte[] line;
        private int left;
        private int at;

        Repeated(String line, int times) {
            this.line = line.getBytes(StandardCharsets.UTF_8);
            this.left = times;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (left == 0) {
                return -1;
            }
            int count = Math.min(length, line.length - at);
            System.arraycopy(line, at, into, from, count);
            at += count;
            if (at == line.length) {
                at = 0;
                left--;
            }
            return count;
        }
    }

    /** Counts lines and keeps nothing. */
    private static final class Sink extends java.io.Writer {

        private final long[] lines;

        Sink(long[] lines) {
            this.lines = lines;
        }

        @Override
        public void write(char[] text, int from, int length) {
            for (int i = from; i < from + length; i++) {
                lines[0] += text[i] == '\n' ? 1 : 0;
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
