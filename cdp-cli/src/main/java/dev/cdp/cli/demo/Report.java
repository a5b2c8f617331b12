package dev.cdp.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the demo prints: a line a second, then a table. */
final class Report {

    private static final String PROGRESS = "%9s %9s %9s │ %11s │ %9s %13s %9s%n";
    private static final String LINE = "  %-34s %,12d%n";

    private final PrintWriter out;
    private final Traffic traffic;

    Report(PrintWriter out, Traffic traffic) {
        this.out = out;
        this.traffic = traffic;
    }

    void progressHead() {
        out.printf(PROGRESS, "", "published", "", "then", "", "now", "");
        out.printf(PROGRESS, "offered", "acked", "refused", "lag", "loaded", "dead-lettered", "lag");
    }

    void progress(long lagThen, long loaded, long dead, long lagNow) {
        long refused =
                traffic.refused().values().stream().mapToLong(Long::longValue).sum();
        out.printf(PROGRESS, traffic.offered(), traffic.acknowledged(), refused, lagThen, loaded, dead, lagNow);
    }

    /** Says that nothing moves any more, and what is missing. */
    void gaveUp(Duration without, Unsettled unsettled) {
        out.println();
        out.printf("GAVE UP  nothing has moved for %d s; still missing:%n", without.toSeconds());
        unsettled.lines().forEach(line -> out.println("  " + line));
    }

    void closing(
            Balance balance,
            long rowsThen,
            Map<TopicPartition, OffsetAndMetadata> committedThen,
            Map<TopicPartition, Long> lagThen) {
        then(rowsThen, committedThen, lagThen);
        now(balance);
    }

    private void then(long rows, Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, Long> lag) {
        out.println();
        out.println("THEN  ClickHouse's Kafka engine and a materialized view that parses a DateTime");
        out.printf(LINE, "rows loaded", rows);
        for (Poison poison : Poison.OF_THE_INCIDENT) {
            TopicPartition partition = new TopicPartition(Traffic.TOPIC, poison.partition());
            OffsetAndMetadata offset = committed.get(partition);
            out.printf(
                    "  partition %d stands at %d, before offset %d: %-45s lag %,d%n",
                    poison.partition(),
                    offset == null ? 0 : offset.offset(),
                    poison.offset(),
                    poison.text(),
                    lag.getOrDefault(partition, 0L));
        }
    }

    private void now(Balance balance) {
        out.println();
        out.println("NOW   EventPublisher, ResilientConsumer and ClickHouseSink, all by one cdp.yaml");
        out.printf(LINE, "offered to the publishers", traffic.offered());
        long refused =
                traffic.refused().values().stream().mapToLong(Long::longValue).sum();
        out.printf(LINE, "refused at the source", refused);
        traffic.refused().forEach((reason, count) -> out.printf("    %-32s %,12d%n", reason, count));
        out.printf(LINE, "acknowledged by the broker", traffic.acknowledged());
        out.printf(LINE, "failed to publish", traffic.failed());
        out.printf(LINE, "written by hand", traffic.foreign());
        out.println();
        out.printf(LINE, "read (records in the topics)", balance.read());
        out.printf(LINE, "loaded (distinct, in the tables)", balance.loaded());
        out.printf(LINE, "dead-lettered (in the topics)", balance.dead());
        balance.reasons().forEach((reason, count) -> out.printf("    %-32s %,12d%n", reason, count));
        out.printf(LINE, "duplicates", balance.duplicates());
        out.printf(LINE, "rows with a default for a required", balance.defaults());
        out.println("  lag per partition  "
                + balance.unsettled().lag().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("  ")));
        out.println();
        out.printf(
                "BALANCE  read %,d = loaded %,d + dead-lettered %,d : %s%n",
                balance.read(), balance.loaded(), balance.dead(), balance.verdict());
    }
}
