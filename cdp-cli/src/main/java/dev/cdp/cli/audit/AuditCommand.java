package dev.cdp.cli.audit;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.cdp.cli.command.CatalogFile;
import dev.cdp.cli.command.ClickHouseOptions;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.KafkaOptions;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.StoredOffsets;
import dev.cdp.clickhouse.metrics.Rollup;
import dev.cdp.clickhouse.metrics.RollupDifference;
import dev.cdp.clickhouse.metrics.Rollups;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.core.catalog.Catalog;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows that every record of a catalog's topics has a row or a dead letter, and names those that have not. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the offsets on the catalog's topics with the rows in its tables and with its dead letters.",
            "Names the offsets that are missing (neither a row nor a dead letter) or doubled (two rows, or both).",
            "What the loader has not reached yet is missing too: let --to be a time that it has passed.",
            "Compares each rollup with its facts too, by event time, and names the quarter hours that differ.",
            "Those into which facts were loaded in the last ten minutes are left out.",
            "Exit code 0: every record is accounted for; 1: some are not, or a rollup differs; 2: a server or the catalog"
                    + " cannot be used."
        })
public final class AuditCommand implements Callable<Integer> {

    private static final int MAX_SHOWN = 20;
    /** As long as an insert may be under way. */
    private static final Duration UNSETTLED = Duration.ofMinutes(10);
    /** For one rollup. */
    private static final Duration TIMEOUT = Duration.ofHours(1);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogFile catalogFile;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KafkaOptions kafka;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ClickHouseOptions clickHouse;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Records from this time on, such as 2026-01-31T00:00:00Z (default: all that the topics keep).")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "Records before this time (default: the topics' ends).")
    private @Nullable Instant to;

    @Option(names = "--json", description = "Print one JSON document, with every offset.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Catalog catalog = catalogFile.load();
        List<PartitionAudit> audits = new ArrayList<>();
        kafka.awaitBroker();
        try (AuditedTopics topics = new AuditedTopics(kafka.properties())) {
            List<TopicPartition> partitions = topics.partitions(catalog.topics());
            if (partitions.isEmpty()) {
                throw new UnusableException("the broker has none of the catalog's topics " + catalog.topics());
            }
            Set<String> letterTopics =
                    new DeadLetterRoutes(catalog, catalog.topics()).all().keySet();
            Set<String> found = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
            var ids = topics.ids(found);
            var letters = topics.letters(topics.partitions(letterTopics));
            Audit audit = new Audit(catalog, topics, StoredOffsets.of(catalog, clickHouse.server()), Instant.now());
            var ranges = topics.ranges(partitions, from, to);
            partitions.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
            for (TopicPartition partition : partitions) {
                audits.add(audit.partition(
                        partition,
                        Objects.requireNonNull(ids.get(partition.topic())),
                        Objects.requireNonNull(ranges.get(partition)),
                        letters.getOrDefault(partition, Set.of())));
            }
        }
        List<RollupDifference> differences = Rollups.of(ClickHouseClient.of(clickHouse.server(), TIMEOUT), catalog)
                .differences(
                        from == null ? Instant.MIN : from,
                        to == null ? Instant.MAX : to,
                        Instant.now().minus(UNSETTLED));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("partitions", audits.stream().map(AuditCommand::row).toList());
            document.put("rollups", differences.stream().map(AuditCommand::row).toList());
            out.println(JsonOutput.of(document));
        } else {
            audits.forEach(audit -> print(audit, out));
            differences.stream()
                    .collect(Collectors.groupingBy(RollupDifference::rollup, LinkedHashMap::new, Collectors.toList()))
                    .forEach((rollup, buckets) -> print(rollup, buckets, out));
        }
        out.flush();
        return differences.isEmpty() && audits.stream().allMatch(PartitionAudit::holds)
                ? ExitCode.OK
                : ExitCode.FINDINGS;
    }

    private static void print(Rollup rollup, List<RollupDifference> buckets, PrintWriter out) {
        out.println("rollup " + rollup.database() + "." + rollup.name() + " for "
                + String.join(", ", rollup.metrics()) + ": " + buckets.size()
                + " quarter hours differ from their facts");
        buckets.stream()
                .limit(MAX_SHOWN)
                .forEach(bucket -> out.println(
                        "  " + bucket.bucket() + ": has " + bucket.counted() + " of " + bucket.facts() + " facts"));
        if (buckets.size() > MAX_SHOWN) {
            out.println("  … (--json names all)");
        }
        out.println("  to make it anew: " + String.join("; ", rollup.drop()) + "; then bin/cdp metrics apply");
    }

    private static Map<String, Object> row(RollupDifference difference) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(
                "rollup",
                difference.rollup().database() + "." + difference.rollup().name());
        row.put("time", difference.bucket().toString());
        row.put("facts", difference.facts());
        row.put("counted", difference.counted());
        return row;
    }

    private static void print(PartitionAudit audit, PrintWriter out) {
        out.println(audit.partition() + " [" + audit.range().from() + ", "
                + audit.range().to() + "): read "
                + audit.read() + " = rows " + audit.rows() + " + dead letters " + audit.deadLetters()
                + " + neither needed " + audit.without() + " + expired " + audit.expired() + " + missing "
                + audit.missing().size()
                + (audit.doubled().isEmpty()
                        ? ""
                        : "; doubled " + audit.doubled().size()));
        print("missing", audit.missing(), out);
        print("doubled", audit.doubled(), out);
    }

    private static void print(String what, List<Long> offsets, PrintWriter out) {
        if (!offsets.isEmpty()) {
            out.println("  " + what + ": "
                    + offsets.stream().limit(MAX_SHOWN).map(String::valueOf).collect(Collectors.joining(", "))
                    + (offsets.size() > MAX_SHOWN ? ", … (--json names all)" : ""));
        }
    }

    private static Map<String, Object> row(PartitionAudit audit) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", audit.partition().topic());
        row.put("partition", audit.partition().partition());
        row.put("from", audit.range().from());
        row.put("to", audit.range().to());
        row.put("read", audit.read());
        row.put("rows", audit.rows());
        row.put("dead_letters", audit.deadLetters());
        row.put("neither_needed", audit.without());
        row.put("expired", audit.expired());
        row.put("missing", audit.missing());
        row.put("doubled", audit.doubled());
        return row;
    }
}
