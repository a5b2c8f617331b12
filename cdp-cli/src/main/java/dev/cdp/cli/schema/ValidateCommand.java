package dev.cdp.cli.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Validates a file of JSON lines by a bare schema, in the memory of one line. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Validates each line of a file by a JSON Schema and prints one line for it:",
            "{\"line\":1,\"valid\":false,\"violations\":[{\"path\":\"/id\",\"keyword\":\"type\",\"message\":\"...\"}]}",
            "Empty lines are passed over. Exit code 0: every line is valid; 1: one is not; 2: a file cannot be read."
        })
final class ValidateCommand implements Callable<Integer> {

    private static final String EVENT = "payload";
    private static final String STDIN = "-";

    /** Longer lines are refused without being kept; a Kafka broker takes 1 MB unless told otherwise. */
    private static final int MAX_LINE = 16 << 20;

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Option(
            names = "--schema",
            required = true,
            paramLabel = "S.json",
            description = "The schema; what it refers to stands beside it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path schema;

    @Option(
            names = "--ndjson",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines, or '-' for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String ndjson;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        EventValidator validator = EventValidator.of(Catalog.of(EVENT, schema));
        PrintWriter out = spec.commandLine().getOut();
        boolean valid = true;
        try (InputStream in = ndjson.equals(STDIN) ? System.in : Files.newInputStream(Path.of(ndjson))) {
            JsonLines lines = new JsonLines(in, MAX_LINE);
            while (lines.next()) {
                ValidationReport report = lines.tooLong()
                        ? ValidationReport.of(
                                new Violation("", Violation.LIMIT, "expected a line of at most " + MAX_LINE + " bytes"))
                        : validator.validate(EVENT, lines.bytes());
                valid &= report.valid();
                print(lines.number(), report.violations(), out);
            }
        } catch (IOException e) {
            throw new UnusableException("--ndjson " + ndjson + ": cannot be read (" + e.getMessage() + ")", e);
        } finally {
            out.flush();
        }
        return valid ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private static void print(long line, List<Violation> violations, PrintWriter out) {
        if (violations.isEmpty()) {
            out.print("{\"line\":" + line + ",\"valid\":true,\"violations\":[]}\n");
            return;
        }
        java.io.StringWriter text = new java.io.StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("line", line);
            json.writeBooleanProperty("valid", false);
            json.writeArrayPropertyStart("violations");
            for (Violation violation : violations) {
                json.writeStartObject();
                json.writeStringProperty("path", violation.path());
                json.writeStringProperty("keyword", violation.keyword());
                json.writeStringProperty("message", violation.message());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.print(text + "\n");
    }
}
