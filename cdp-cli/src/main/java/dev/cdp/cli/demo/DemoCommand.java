package dev.cdp.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays the incident on real servers and checks the balance. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Replays the incident that cdp was born from, on a real Kafka and a real ClickHouse.",
            "Exit code 0: what was read is what was loaded and dead-lettered; 1: it is not; 2: a server is missing;",
            "3: nothing moved for two minutes, so the demo gave up and cannot tell."
        })
public final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "20000",
            description = {
                "How many events the application offers (default: ${DEFAULT-VALUE}). It takes some 500 to bring the",
                "messages of the incident to their offsets; a smaller number offers as many as that takes."
            })
    private int events;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A broker of yours; by default one is started here.")
    private @Nullable String kafka;

    @Option(
            names = "--clickhouse-url",
            paramLabel = "URL",
            description = {
                "A ClickHouse of yours, its user and password in CDP_CLICKHOUSE_USER and CDP_CLICKHOUSE_PASSWORD;",
                "by default an engine is fetched once and started here."
            })
    private @Nullable URI clickHouse;

    @Option(names = "--hold", description = "Keep the servers running afterwards, until Enter or Ctrl-C.")
    private boolean hold;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (events < 1) {
            throw new UnusableException("--events: expected at least 1; found " + events);
        }
        PrintWriter out = spec.commandLine().getOut();
        Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
        try (Servers servers = Servers.start(kafka, clickHouse, catalog, out)) {
            Verdict verdict = new Demo(catalog, servers, events, out).run();
            next(out);
            if (hold) {
                hold(servers, out);
            }
            return verdict.exitCode();
        }
    }

    private void next(PrintWriter out) {
        out.println();
        out.println("Next:");
        if (!hold) {
            out.println("  bin/cdp demo --hold keeps both servers for your own queries;");
        }
        out.println("  examples/social/src/main/resources/cdp/cdp.yaml is the catalog it all came from;");
        out.println("  README.md shows the twelve lines that publish and the twelve that consume.");
    }

    private static void hold(Servers servers, PrintWriter out) throws IOException {
        out.println();
        out.println("Kafka       " + servers.bootstrapServers());
        out.println("ClickHouse  " + servers.clickHouse().url() + "  user "
                + servers.clickHouse().user() + servers.passwordHint());
        out.println("Both run until you press Enter or Ctrl-C.");
        int read = System.in.read();
        if (read < 0) {
            waitForSignal();
        }
    }

    /** Without a terminal there is no Enter: only a signal ends it. */
    private static void waitForSignal() {
        try {
            new java.util.concurrent.CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
