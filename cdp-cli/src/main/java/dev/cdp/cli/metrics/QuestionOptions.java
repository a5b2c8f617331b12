package dev.cdp.cli.metrics;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.command.Words;
import dev.cdp.clickhouse.metrics.Grain;
import dev.cdp.clickhouse.metrics.MetricQuery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is asked of a metric. */
final class QuestionOptions {

    @Parameters(index = "0", paramLabel = "NAME", description = "The metric.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String metric;

    @Option(names = "--by", split = ",", paramLabel = "D", description = "The dimensions to slice by.")
    private List<String> by = List.of();

    @Option(names = "--grain", paramLabel = "G", description = "hour, day, week or month; by default one number.")
    private @Nullable String grain;

    @Option(
            names = "--tz",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "The time zone of days and of --from and --to, such as Europe/Berlin (default: UTC).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String zone;

    @Option(names = "--from", paramLabel = "T", description = "From which day, or instant with its offset.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "T", description = "Up to which day or instant, itself not included.")
    private @Nullable String to;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            defaultValue = "",
            description = "Which facts count, by dimensions, such as \"country = 'DE'\".")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String where;

    MetricQuery query() {
        MetricQuery.Builder query = MetricQuery.of(metric)
                .by(by.toArray(String[]::new))
                .zone(zone())
                .where(where);
        if (grain != null) {
            query.grain(Words.read("--grain", Grain.class, grain));
        }
        if (from != null) {
            query.from(instant("--from", from));
        }
        if (to != null) {
            query.to(instant("--to", to));
        }
        return query.build();
    }

    ZoneId zone() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new UnusableException(
                    "--tz: expected a time zone of the IANA database such as Europe/Berlin, found " + zone, e);
        }
    }

    private Instant instant(String option, String text) {
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(zone()).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UnusableException(
                    option + ": expected a day such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z, found "
                            + text,
                    e);
        }
    }
}
