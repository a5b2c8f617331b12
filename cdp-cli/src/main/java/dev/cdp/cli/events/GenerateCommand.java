package dev.cdp.cli.events;

import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.KafkaOptions;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.events.EventGenerator.Generated;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.producer.CdpProducer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Makes events of a catalog up, and prints or publishes them. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Makes events of a catalog up, from its schemas: skewed, by day more than by night, some late.",
            "Prints one CloudEvent a line (structured mode), or publishes them to the events' topics.",
            "Exit code 0: all are printed or acknowledged; 1: some were not; 2: they cannot be made or sent."
        })
public final class GenerateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SPREAD = Duration.ofDays(1);

    @Mixin
    private final CatalogOption catalogOption = new CatalogOption();

    @Option(
            names = "--event",
            split = ",",
            paramLabel = "E",
            defaultValue = "all",
            description = "Which events, or all (default).")
    private List<String> names = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many a second, as time goes by; 0 (default): at once, as of the day before --until.")
    private int rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed, count and --until give the same events (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--until", paramLabel = "T", description = "When the last one arrives (default: now).")
    private @Nullable String until;

    @ArgGroup(
            exclusive = false,
            heading = "Publish to a Kafka cluster instead of printing; the topics have to be there:%n")
    private @Nullable KafkaOptions kafka;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (count < 1 || rate < 0) {
            throw new UnusableException(
                    "--count: expected at least 1, and --rate at least 0; found " + count + " and " + rate);
        }
        Catalog catalog = catalogOption.load();
        EventGenerator generator = new EventGenerator(events(catalog), EventValidator.of(catalog), seed);
        PrintWriter out = spec.commandLine().getOut();
        if (kafka == null) {
            run(generator, generated -> out.println(line(catalog, generated)));
            out.flush();
            return out.checkError() ? ExitCode.FINDINGS : ExitCode.OK;
        }
        LongAdder acknowledged = new LongAdder();
        try (CdpProducer producer = CdpProducer.builder(catalog)
                .kafka(kafka.properties())
                .connectTimeout(kafka.connectTimeout())
                .connect()) {
            run(generator, generated -> {
                CompletableFuture<?> unused = producer.publishJson(
                                generated.event().name(), generated.payload())
                        .thenRun(acknowledged::increment);
            });
            producer.flush();
        }
        out.println(acknowledged.sum() + " of " + count + " events acknowledged");
        out.flush();
        return acknowledged.sum() == count ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private List<EventDefinition> events(Catalog catalog) {
        if (names.equals(List.of("all"))) {
            return List.copyOf(catalog.events());
        }
        List<EventDefinition> events = new ArrayList<>();
        for (String name : names) {
            events.add(catalog.event(name)
                    .orElseThrow(() -> new UnusableException("--event: catalog " + catalog.name() + " has no event '"
                            + name + "'" + catalog.didYouMean(name))));
        }
        return events;
    }

    private void run(EventGenerator generator, java.util.function.Consumer<Generated> sink) {
        Instant end = end();
        Duration pause = rate > 0 ? Duration.ofSeconds(1).dividedBy(rate) : SPREAD.dividedBy(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            sink.accept(generator.next(end.minus(pause.multipliedBy(count - 1L - i))));
            if (rate > 0) {
                LockSupport.parkNanos(start + pause.toNanos() * (i + 1L) - System.nanoTime());
            }
        }
    }

    /** With a rate, the last event arrives when all that time has gone by. */
    private Instant end() {
        try {
            Instant last =
                    until == null ? Instant.now() : OffsetDateTime.parse(until).toInstant();
            return rate > 0 && until == null
                    ? last.plus(Duration.ofSeconds(1).dividedBy(rate).multipliedBy(count))
                    : last;
        } catch (DateTimeException e) {
            throw new UnusableException("--until: expected an instant such as 2026-01-31T12:00:00Z, found " + until, e);
        }
    }

    private static String line(Catalog catalog, Generated generated) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", new java.util.UUID(generated.id(), (generated.id() >>> 1) | Long.MIN_VALUE).toString());
        event.put("type", generated.event().name());
        event.put("source", catalog.source().toString());
        event.put("time", generated.time().toString());
        event.put("datacontenttype", "application/json");
        event.put("dataschema", generated.event().dataSchema().toString());
        event.put("data", JSON.readTree(generated.payload()));
        return JsonOutput.of(event);
    }
}
