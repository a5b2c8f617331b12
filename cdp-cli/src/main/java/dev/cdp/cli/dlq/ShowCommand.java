package dev.cdp.cli.dlq;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.KafkaOptions;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.consumer.redrive.DeadLetterBrowser;
import dev.cdp.core.event.DeadLetterHeaders;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shows one dead letter: why it is one, and nothing personal unless asked to. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Shows one dead letter: where it came from, why it failed, and every violation.",
            "Key, value and header values, which may be personal, are shown with --payload alone.",
            "Exit code 0: it is shown; 1: there is none; 2: the topic cannot be read."
        })
final class ShowCommand implements Callable<Integer> {

    private static final Pattern PLACE = Pattern.compile("(.+):([0-9]{1,9}):([0-9]{1,18})");
    private static final JsonMapper JSON = new JsonMapper();

    @Parameters(paramLabel = "TOPIC:PARTITION:OFFSET", description = "The letter's place, as dlq ls prints it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String place;

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--payload", description = "Show key, value and header values too: they may be personal.")
    private boolean payload;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Matcher found = PLACE.matcher(place);
        if (!found.matches()) {
            throw new UnusableException(
                    "expected TOPIC:PARTITION:OFFSET, such as dlq.cdp.feed:0:58; found '" + place + "'");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (DeadLetterBrowser browser =
                DeadLetterBrowser.open(kafka.properties(), found.group(1), kafka.connectTimeout())) {
            StoredLetter letter = browser.letter(Integer.parseInt(found.group(2)), Long.parseLong(found.group(3)))
                    .orElse(null);
            if (letter == null) {
                spec.commandLine().getErr().println("cdp: there is no record at " + place);
                return ExitCode.FINDINGS;
            }
            Map<String, Object> document = document(letter);
            if (json) {
                out.println(JsonOutput.of(document));
            } else {
                print(document, out);
            }
            out.flush();
            return ExitCode.OK;
        }
    }

    private Map<String, Object> document(StoredLetter letter) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("letter", place);
        document.put(
                "origin", letter.origin().map(StoredLetter.Origin::toString).orElse(""));
        document.put("reason", letter.reason().map(Enum::name).orElse(""));
        document.put("event", letter.event());
        document.put("fingerprint", letter.fingerprint());
        document.put("failed_at", letter.failedAt().toString());
        document.put("group", letter.group().orElse(""));
        document.put("stage", letter.text(DeadLetterHeaders.STAGE).orElse(""));
        document.put("attempts", letter.text(DeadLetterHeaders.ATTEMPTS).orElse(""));
        document.put("redriven", letter.redriveCount());
        document.put("catalog", letter.text(DeadLetterHeaders.CATALOG_VERSION).orElse(""));
        document.put("exception", letter.text(DeadLetterHeaders.EXCEPTION_CLASS).orElse(""));
        document.put("message", letter.text(DeadLetterHeaders.EXCEPTION_MESSAGE).orElse(""));
        document.put("violations", violations(letter));
        document.put("pointer", letter.pointer());
        document.put("key_bytes", length(letter.record().key()));
        document.put("value_bytes", length(letter.record().value()));
        document.put("headers", headers(letter));
        if (payload) {
            document.put("key", text(letter.record().key()));
            document.put("value", text(letter.record().value()));
        }
        return document;
    }

    private static List<String> violations(StoredLetter letter) {
        String text = letter.text(DeadLetterHeaders.VIOLATIONS).orElse("[]");
        List<String> violations = new ArrayList<>();
        try {
            for (JsonNode violation : JSON.readTree(text)) {
                violations.add(violation.path("path").asString("") + ": "
                        + violation.path("message").asString("") + " ["
                        + violation.path("keyword").asString("") + "]");
            }
        } catch (JacksonException e) {
            violations.add("the header " + DeadLetterHeaders.VIOLATIONS + " is no JSON");
        }
        return violations;
    }

    /** The original's headers; those of cdp are shown by what they say. */
    private List<String> headers(StoredLetter letter) {
        List<String> headers = new ArrayList<>();
        for (Header header : letter.record().headers()) {
            if (!DeadLetterHeaders.tellsOfFailure(header.key())) {
                headers.add(header.key()
                        + (payload ? " = " + text(header.value()) : " (" + length(header.value()) + " bytes)"));
            }
        }
        return headers;
    }

    private static void print(Map<String, Object> document, PrintWriter out) {
        document.forEach((name, value) -> {
            String label = String.format("%-12s", name.replace('_', ' '));
            if (!(value instanceof List<?> list)) {
                out.println(label + Printable.of(value.toString()));
            } else if (list.isEmpty()) {
                out.println(label + "-");
            } else {
                out.println(label.stripTrailing());
                list.forEach(one -> out.println("  " + Printable.of(one.toString())));
            }
        });
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
