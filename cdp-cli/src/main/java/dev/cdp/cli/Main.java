package dev.cdp.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import dev.cdp.cli.audit.AuditCommand;
import dev.cdp.cli.catalog.CatalogCommand;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.ddl.DdlCommand;
import dev.cdp.cli.demo.DemoCommand;
import dev.cdp.cli.dlq.DlqCommand;
import dev.cdp.cli.events.GenerateCommand;
import dev.cdp.cli.metrics.MetricsCommand;
import dev.cdp.cli.schema.SchemaCommand;
import dev.cdp.core.CdpException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/cdp}. Exit codes: 0 fine, 1 findings, 2 usage or unreadable input, 3 gave up waiting. */
@Command(
        name = "cdp",
        mixinStandardHelpOptions = true,
        version = "cdp 0.1.0-SNAPSHOT",
        description = "Customer events on Kafka and ClickHouse, by one schema catalog.",
        subcommands = {
            DemoCommand.class,
            ProbeCommand.class,
            CatalogCommand.class,
            SchemaCommand.class,
            AuditCommand.class,
            DdlCommand.class,
            MetricsCommand.class,
            DlqCommand.class,
            GenerateCommand.class
        })
public final class Main implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Main() {}

    /** Runs a command line and ends the process. */
    public static void main(String[] args) {
        System.exit(run(utf8(System.out), utf8(System.err), args));
    }

    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Runs a command line with its output going elsewhere, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        PrintWriter shown = new PrintWriter(new TerminalWriter(out), true);
        PrintWriter told = new PrintWriter(new TerminalWriter(err), true);
        int code = new CommandLine(new Main())
                .setOut(shown)
                .setErr(told)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setExecutionExceptionHandler((e, command, result) -> {
                    command.getErr().println("cdp: " + message(e));
                    return ExitCode.UNUSABLE;
                })
                .execute(args);
        shown.flush();
        told.flush();
        return code;
    }

    private static String message(Exception e) {
        return e instanceof CdpException || e instanceof UnusableException
                ? String.valueOf(e.getMessage())
                : e + " (this is a bug of cdp: please report it with what you did)";
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
