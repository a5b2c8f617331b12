package dev.cdp.cli.metrics;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.clickhouse.metrics.MetricCompiler;
import dev.cdp.clickhouse.metrics.MetricQuery;
import dev.cdp.clickhouse.metrics.MetricSql;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the SQL that answers a question. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the SELECT that answers a question, as if every rollup were there (docs/metrics.md).",
            "Exit code 0: printed; 2: the metric cannot answer it."
        })
final class SqlCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogOption catalog;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuestionOptions question;

    @Option(names = "--facts", description = "Read the tables of facts, even where a rollup fits.")
    private boolean facts;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        MetricCompiler compiler = MetricCompiler.of(catalog.load());
        MetricQuery query = question.query();
        MetricSql sql = facts
                ? compiler.fromFacts(query)
                : compiler.compile(query, compiler.plan().rollups());
        PrintWriter out = spec.commandLine().getOut();
        sql.notes().forEach(note -> out.println("-- " + note));
        out.println(sql.sql());
        out.flush();
        return ExitCode.OK;
    }
}
