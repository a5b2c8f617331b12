package dev.cdp.cli.dlq;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.KafkaOptions;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.command.Words;
import dev.cdp.consumer.redrive.Audience;
import dev.cdp.consumer.redrive.Redrive;
import dev.cdp.consumer.redrive.RedriveBuilder;
import dev.cdp.consumer.redrive.RedriveProgress;
import dev.cdp.consumer.redrive.RedriveReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes dead letters again that today's catalog accepts. */
@Command(
        name = "redrive",
        mixinStandardHelpOptions = true,
        description = {
            "Publishes dead letters again, to the topics that they came from, if today's catalog accepts them.",
            "Without --execute it only says what it would do. One that was stopped goes on when it is run again.",
            "Exit code 0: every letter asked for is redriven, or would be; 1: some stay; 2: it could not work."
        })
final class RedriveCommand implements Callable<Integer> {

    @Parameters(paramLabel = "TOPIC", description = "The dead letter topic.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String topic;

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Mixin
    private final CatalogOption catalog = new CatalogOption();

    @Option(names = "--execute", description = "Do it.")
    private boolean execute;

    @Option(names = "--rate", paramLabel = "N", description = "Publish at most N letters in a second.")
    private @Nullable Integer rate;

    @Option(
            names = "--max-redrives",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "Move letters that were redriven N times to the quarantine topic (default: ${DEFAULT-VALUE}).")
    private int maxRedrives;

    @Option(
            names = "--quarantine",
            paramLabel = "TOPIC",
            description = "That topic (default: the dead letter topic's name with .quarantine behind it).")
    private @Nullable String quarantine;

    @Option(
            names = "--every-group",
            description = "For all consumer groups of the topic, not only for the one that could not process it.")
    private boolean everyGroup;

    @Option(
            names = "--tombstones",
            description =
                    "Publish dead letters without a value too; in a compacted topic they delete what their key had.")
    private boolean tombstones;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Redrive redrive = redrive();
        RedriveReport report = execute ? redrive.run() : redrive.dryRun();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonOutput.of(document(report)));
        } else {
            print(report, out);
        }
        out.flush();
        return report.left() == 0 ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private Redrive redrive() {
        try {
            RedriveBuilder builder = Redrive.builder(catalog.load())
                    .kafka(kafka.properties())
                    .connectTimeout(kafka.connectTimeout())
                    .from(topic)
                    .filter(filter.filter())
                    .maxRedrives(maxRedrives)
                    .audience(everyGroup ? Audience.EVERY_GROUP : Audience.SAME_GROUP)
                    .onProgress(this::tell);
            if (rate != null) {
                builder.rate(rate);
            }
            if (tombstones) {
                builder.tombstones();
            }
            if (quarantine != null) {
                builder.quarantine(quarantine);
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new UnusableException(String.valueOf(e.getMessage()), e);
        }
    }

    private void tell(RedriveProgress progress) {
        spec.commandLine()
                .getErr()
                .println("read " + progress.read() + " of " + progress.total() + ", published " + progress.published()
                        + ", quarantined " + progress.quarantined() + ", left " + progress.left());
    }

    private void print(RedriveReport report, PrintWriter out) {
        Columns columns = new Columns("LETTERS", "WHAT", "REASON", "EVENT", "FINGERPRINT", "REFUSED FOR");
        report.rows()
                .forEach(row -> columns.add(
                        Long.toString(row.count()),
                        Words.of(row.kind().disposition()),
                        Printable.of(row.kind().reason()),
                        Printable.of(row.kind().event()),
                        Printable.of(row.kind().fingerprint()),
                        Printable.of(row.kind().refusedFor())));
        if (report.rows().isEmpty()) {
            out.println("no letter of " + topic + " is meant, of " + report.read() + " that wait");
            return;
        }
        columns.lines().forEach(out::println);
        out.println(report.matched() + " of " + report.read() + " letters that wait; " + report.left() + " stay");
        if (!execute) {
            out.println("Nothing was done: add --execute to do it.");
        }
    }

    private Map<String, Object> document(RedriveReport report) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RedriveReport.Row row : report.rows()) {
            Map<String, Object> kind = new LinkedHashMap<>();
            kind.put("letters", row.count());
            kind.put("disposition", Words.of(row.kind().disposition()));
            kind.put("reason", row.kind().reason());
            kind.put("event", row.kind().event());
            kind.put("fingerprint", row.kind().fingerprint());
            kind.put("refused_for", row.kind().refusedFor());
            rows.add(kind);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topic", topic);
        document.put("executed", execute);
        document.put("read", report.read());
        document.put("matched", report.matched());
        document.put("left", report.left());
        document.put("rows", rows);
        return document;
    }
}
