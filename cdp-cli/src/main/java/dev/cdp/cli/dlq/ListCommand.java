package dev.cdp.cli.dlq;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.KafkaOptions;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.consumer.redrive.DeadLetterBrowser;
import dev.cdp.core.catalog.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts the dead letters that wait, by what they have in common. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = {
            "Counts the dead letters that wait, by reason, event and fingerprint; those redriven are left out.",
            "Exit code 0: none waits; 1: some do; 2: they cannot be read."
        })
final class ListCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "TOPIC",
            description = "Dead letter topics (default: all that the catalog names).")
    private List<String> topics = List.of();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Mixin
    private final CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private record Kind(String topic, String reason, String event, String fingerprint) {}

    /** Letters of a kind: how many, from when to when, and the place of the last one, to look at. */
    private static final class Group {

        private long count;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private String place = "";

        private void add(StoredLetter letter) {
            count++;
            Instant at = letter.failedAt();
            first = at.isBefore(first) ? at : first;
            if (!at.isBefore(last)) {
                last = at;
                place = letter.record().topic() + ":" + letter.record().partition() + ":"
                        + letter.record().offset();
            }
        }
    }

    @Override
    public Integer call() {
        LetterFilter meant = filter.filter();
        Map<Kind, Group> groups = new LinkedHashMap<>();
        for (String topic : topics.isEmpty() ? ofCatalog() : topics) {
            try (DeadLetterBrowser browser =
                    DeadLetterBrowser.open(kafka.properties(), topic, kafka.connectTimeout())) {
                browser.read(
                        meant,
                        letter -> groups.computeIfAbsent(kind(topic, letter), any -> new Group())
                                .add(letter));
            }
        }
        List<Map.Entry<Kind, Group>> rows = new ArrayList<>(groups.entrySet());
        rows.sort(Comparator.comparingLong(row -> -row.getValue().count));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonOutput.of(document(rows)));
        } else {
            print(rows, out);
        }
        out.flush();
        return rows.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
    }

    /** In order of their names; those for records of unknown events among them. */
    private Collection<String> ofCatalog() {
        Catalog known = catalog.load();
        return new TreeSet<>(new DeadLetterRoutes(known, known.topics()).all().keySet());
    }

    private static Kind kind(String topic, StoredLetter letter) {
        return new Kind(topic, letter.reason().map(Enum::name).orElse(""), letter.event(), letter.fingerprint());
    }

    private static void print(List<Map.Entry<Kind, Group>> rows, PrintWriter out) {
        if (rows.isEmpty()) {
            out.println("no dead letter waits");
            return;
        }
        Columns columns = new Columns("LETTERS", "REASON", "EVENT", "FINGERPRINT", "FIRST", "LAST", "THE LAST ONE");
        rows.forEach(row -> columns.add(
                Long.toString(row.getValue().count),
                Printable.of(row.getKey().reason()),
                Printable.of(row.getKey().event()),
                Printable.of(row.getKey().fingerprint()),
                row.getValue().first.toString(),
                row.getValue().last.toString(),
                row.getValue().place));
        columns.lines().forEach(out::println);
    }

    private static Map<String, Object> document(List<Map.Entry<Kind, Group>> rows) {
        List<Map<String, Object>> groups = new ArrayList<>();
        for (Map.Entry<Kind, Group> row : rows) {
            Map<String, Object> group = new LinkedHashMap<>();
            group.put("topic", row.getKey().topic());
            group.put("reason", row.getKey().reason());
            group.put("event", row.getKey().event());
            group.put("fingerprint", row.getKey().fingerprint());
            group.put("letters", row.getValue().count);
            group.put("first", row.getValue().first.toString());
            group.put("last", row.getValue().last.toString());
            group.put("place", row.getValue().place);
            groups.add(group);
        }
        return Map.of("groups", groups);
    }
}
