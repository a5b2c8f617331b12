package dev.cdp.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

import dev.cdp.cli.command.ExitCode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MetricsCommandTest {

    private static final String SOCIAL = Path.of(
                    "..", "examples", "social", "src", "main", "resources", "cdp", "cdp.yaml")
            .toString();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void lsSaysWhatEachMetricIsAndWhyItIsNotRolledUp() {
        assertThat(run("metrics", "ls")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("dwell_time [ms]: Time that people spent on posts")
                .contains("sum of /dwell_ms over post_viewed, filtered, by country, platform, surface, post_kind")
                .contains("not rolled up: an exact distinct count holds every value");
    }

    @Test
    void lsAsJsonNamesEveryMetric() {
        assertThat(run("metrics", "ls", "--json")).isEqualTo(ExitCode.OK);
        JsonNode metrics = new JsonMapper().readTree(out.toString()).path("metrics");
        assertThat(metrics.size()).isGreaterThanOrEqualTo(200);
        assertThat(metrics.get(0).path("name").asString()).isEqualTo("post_views");
    }

    @Test
    void sqlReadsTheRollupOrTheFacts() {
        String[] question = {
            "metrics",
            "sql",
            "ad_revenue_usd",
            "--by",
            "country",
            "--grain",
            "day",
            "--tz",
            "Europe/Berlin",
            "--from",
            "2026-03-28",
            "--to",
            "2026-03-30",
            "--where",
            "country in ('DE', 'O''x')"
        };
        assertThat(run(question)).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("FROM `cdp`.`ad_shown_rollup_")
                .contains("toDate(r.`_bucket`, 'Europe/Berlin')")
                .contains("r.`_bucket` >= toDateTime64('2026-03-27 23:00:00.000', 3, 'UTC')")
                .contains("r.`_bucket` < toDateTime64('2026-03-29 22:00:00.000', 3, 'UTC')")
                .contains("r.`_by_country` IN ('DE', 'O\\'x')");

        assertThat(run(append(question, "--facts"))).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("FROM `cdp`.`ad_shown` AS f").contains("f.`currency` = 'USD'");
    }

    @Test
    void planPrintsStatementsAndReasons() {
        assertThat(run("metrics", "plan")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("ENGINE = AggregatingMergeTree")
                .contains("CREATE MATERIALIZED VIEW IF NOT EXISTS")
                .contains("-- viewers is not rolled up: ");
    }

    @Test
    void whatAMetricCannotAnswerIsSaid() {
        assertThat(run("metrics", "sql", "post_vews")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "viewers", "--by", "surface")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "viewers", "--tz", "Europe/Berln")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "viewers", "--from", "yesterday")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "viewers", "--where", "1 = 1")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "viewers", "--where", "surface = 'feed'"))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "accounts_so_far", "--grain", "day")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("metrics", "sql", "post_views", "--grain", "hour", "--tz", "Australia/Lord_Howe"))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString())
                .contains("no metric 'post_vews'")
                .contains("may not be sliced by 'surface'; it may be by country")
                .contains("--tz: expected a time zone")
                .contains("--from: expected a day")
                .contains("where: expected a column")
                .contains("where: there is no 'surface' here")
                .contains("it wants 'from' and 'to'")
                .contains("its clocks change by a part of an hour")
                .doesNotContain("\tat ");
    }

    @Test
    void generatePrintsTheSameEventsForTheSameSeed() {
        String[] command = {
            "generate", "--event", "post_viewed,live_ended", "--count", "20", "--until", "2026-03-01T12:00:00Z"
        };
        assertThat(run(command)).isEqualTo(ExitCode.OK);
        String first = out.toString();
        assertThat(first.lines()).hasSize(20).allSatisfy(line -> {
            JsonNode event = new JsonMapper().readTree(line);
            assertThat(event.path("specversion").asString()).isEqualTo("1.0");
            assertThat(event.path("type").asString()).isIn("post_viewed", "live_ended");
            assertThat(event.at("/data/occurred_at").asString())
                    .isEqualTo(event.path("time").asString());
        });
        out.getBuffer().setLength(0);
        assertThat(run(command)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo(first);
        assertThat(run("generate", "--event", "post_vewed")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("did you mean 'post_viewed'?");
    }

    private static String[] append(String[] args, String more) {
        String[] all = java.util.Arrays.copyOf(args, args.length + 1);
        all[args.length] = more;
        return all;
    }

    private int run(String... args) {
        String[] all = append(append(args, "--catalog"), SOCIAL);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
    }
}
