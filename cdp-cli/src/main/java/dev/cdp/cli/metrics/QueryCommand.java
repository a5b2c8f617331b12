package dev.cdp.cli.metrics;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ClickHouseOptions;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.metrics.Grain;
import dev.cdp.clickhouse.metrics.MetricQuery;
import dev.cdp.clickhouse.metrics.Metrics;
import dev.cdp.clickhouse.metrics.Metrics.MetricAnswer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a server for a metric's numbers. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        description = {
            "Asks a ClickHouse for a metric's numbers, from rollups wherever one is there and fits.",
            "Exit code 0: answered; 2: the metric cannot answer it, or the server does not."
        })
final class QueryCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogOption catalog;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuestionOptions question;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ClickHouseOptions server;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        MetricQuery query = question.query();
        MetricAnswer answer = Metrics.on(ClickHouseClient.of(server.server(), TIMEOUT), catalog.load())
                .answer(query);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("metric", query.metric());
            document.put("columns", answer.sql().columns());
            document.put("rows", answer.rows());
            document.put("reads", answer.sql().reads());
            document.put("notes", answer.sql().notes());
            out.println(JsonOutput.of(document));
        } else {
            boolean hours = query.grainOrNull() == Grain.HOUR;
            List<List<String>> table = new ArrayList<>(List.of(answer.sql().columns()));
            answer.rows().forEach(row -> table.add(texts(row, hours, query.zone())));
            print(table, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static List<String> texts(List<@Nullable Object> row, boolean hours, ZoneId zone) {
        List<String> texts = new ArrayList<>();
        for (Object value : row) {
            boolean time = hours && texts.isEmpty();
            texts.add(
                    value == null
                            ? "-"
                            : time
                                    ? Instant.parse(value.toString())
                                            .atZone(zone)
                                            .toOffsetDateTime()
                                            .toString()
                                    : value.toString());
        }
        return texts;
    }

    /** Columns as wide as their widest value. */
    private static void print(List<List<String>> table, PrintWriter out) {
        int columns = table.get(0).size();
        int[] widths = new int[columns];
        table.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : table) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                boolean number = i == columns - 1;
                line.append(number ? padding + row.get(i) : row.get(i) + padding + "  ");
            }
            out.println(line);
        }
    }
}
