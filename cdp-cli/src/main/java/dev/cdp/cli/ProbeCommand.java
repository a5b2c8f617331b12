package dev.cdp.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.KafkaOptions;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.Published;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tests the connection to a catalog's topics by records that consumers count and give to nobody. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Tests the connection to the topics of a catalog: writes a record of type cdp.probe to each.",
            "Consumers count it and give it to no handler, table or dead letter topic, so it is safe in production.",
            "Exit code 0: every probe is acknowledged; 1: one is not; 2: no broker answers, or a file cannot be read."
        })
final class ProbeCommand implements Callable<Integer> {

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this topic of the catalog; may be repeated.")
    private List<String> topics = List.of();

    @Mixin
    private final CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Catalog loaded = catalog.load();
        Collection<String> probed = topics.isEmpty() ? loaded.topics() : topics;
        Map<String, CompletableFuture<Published>> probes = new LinkedHashMap<>();
        try (CdpProducer producer = CdpProducer.builder(loaded)
                .kafka(kafka.properties())
                .connectTimeout(kafka.connectTimeout())
                .connect()) {
            probed.forEach(topic -> probes.put(topic, producer.probe(topic)));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonOutput.of(document(probes)));
        } else {
            probes.forEach((topic, probe) -> out.println(topic + ": " + said(probe)));
        }
        out.flush();
        return probes.values().stream().anyMatch(CompletableFuture::isCompletedExceptionally)
                ? ExitCode.FINDINGS
                : ExitCode.OK;
    }

    /** The producer is closed, so every probe has ended. */
    private static String said(CompletableFuture<Published> probe) {
        try {
            return "acknowledged at " + probe.join();
        } catch (CompletionException e) {
            return String.valueOf(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        }
    }

    private static Map<String, Object> document(Map<String, CompletableFuture<Published>> probes) {
        List<Map<String, Object>> rows = probes.entrySet().stream()
                .map(entry -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("topic", entry.getKey());
                    row.put("acknowledged", !entry.getValue().isCompletedExceptionally());
                    row.put("message", said(entry.getValue()));
                    return row;
                })
                .toList();
        return Map.of("probes", rows);
    }
}
