package dev.cdp.cli.demo;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.broker.NoBrokerException;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** The broker and the engine that the demo runs on: its own, which end with it, or the user's. */
final class Servers implements AutoCloseable {

    private final @Nullable EmbeddedKafka ownKafka;
    private final @Nullable EmbeddedClickHouse ownClickHouse;
    private final String bootstrapServers;
    private final ClickHouse clickHouse;
    private final Thread onExit = new Thread(this::closeBoth, "cdp-demo-exit");

    private Servers(
            @Nullable EmbeddedKafka ownKafka,
            @Nullable EmbeddedClickHouse ownClickHouse,
            String bootstrapServers,
            ClickHouse clickHouse) {
        this.ownKafka = ownKafka;
        this.ownClickHouse = ownClickHouse;
        this.bootstrapServers = bootstrapServers;
        this.clickHouse = clickHouse;
    }

    static Servers start(@Nullable String kafka, @Nullable URI url, Catalog catalog, PrintWriter out) {
        EmbeddedClickHouse ownClickHouse =
                url == null ? EmbeddedClickHouse.start(line -> out.println("  " + line)) : null;
        ClickHouse clickHouse = ownClickHouse == null
                ? new ClickHouse(
                        Objects.requireNonNull(url),
                        Objects.requireNonNullElse(System.getenv("CDP_CLICKHOUSE_USER"), "default"),
                        Objects.requireNonNullElse(System.getenv("CDP_CLICKHOUSE_PASSWORD"), ""))
                : new ClickHouse(ownClickHouse.url(), ownClickHouse.user(), ownClickHouse.password());
        EmbeddedKafka ownKafka = kafka == null ? EmbeddedKafka.start() : null;
        String bootstrapServers = ownKafka == null ? Objects.requireNonNull(kafka) : ownKafka.bootstrapServers();
        Servers servers = new Servers(ownKafka, ownClickHouse, bootstrapServers, clickHouse);
        Runtime.getRuntime().addShutdownHook(servers.onExit);
        try {
            String version = clickHouse.rows("SELECT version()").get(0).get(0);
            out.println("  ClickHouse " + version + " at " + clickHouse.url());
            servers.createTopics(catalog);
            out.println("  Kafka at " + bootstrapServers + ", topics of 3 partitions");
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    ClickHouse clickHouse() {
        return clickHouse;
    }

    /** What every Kafka client of the demo is made with. */
    Map<String, Object> kafka() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }

    /** The password of an engine of our own is worth nothing after the demo; the user's is never printed. */
    String passwordHint() {
        return ownClickHouse == null || ownClickHouse.external() ? "" : "  password " + ownClickHouse.password();
    }

    private void createTopics(Catalog catalog) {
        Map<String, Integer> topics = new HashMap<>();
        for (EventDefinition event : catalog.events()) {
            topics.put(event.topic(), event.partitions());
            topics.put(event.deadLetterTopic(), event.partitions());
        }
        Map<String, Object> properties = kafka();
        int timeout = (int) BootstrapServers.DEFAULT_TIMEOUT.toMillis();
        properties.put("default.api.timeout.ms", timeout);
        properties.put("request.timeout.ms", timeout / 2);
        Admin admin = Admin.create(properties);
        try {
            Set<String> taken = new TreeSet<>(BootstrapServers.of(bootstrapServers)
                    .await(admin.listTopics().names(), BootstrapServers.DEFAULT_TIMEOUT));
            taken.retainAll(topics.keySet());
            if (!taken.isEmpty()) {
                throw new UnusableException("the broker at " + bootstrapServers + " has topics of the demo already: "
                        + taken + "; delete them, or leave --kafka out");
            }
            admin.createTopics(topics.entrySet().stream()
                            .map(t -> new NewTopic(t.getKey(), t.getValue(), (short) 1))
                            .toList())
                    .all()
                    .get();
        } catch (NoBrokerException e) {
            throw new UnusableException(e.getMessage() + "; or leave --kafka out", e);
        } catch (ExecutionException e) {
            throw new UnusableException(
                    "no Kafka broker answers at " + bootstrapServers + "; check the address, or leave --kafka out", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while creating topics", e);
        } finally {
            admin.close(Duration.ofSeconds(1)); // else it waits for what is asked
        }
    }

    @Override
    public void close() {
        closeBoth();
        if (Thread.currentThread() != onExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(onExit);
            } catch (IllegalStateException e) {
                return; // the process is ending already, and the hook does the same again without harm
            }
        }
    }

    private void closeBoth() {
        if (ownKafka != null) {
            ownKafka.close();
        }
        if (ownClickHouse != null) {
            ownClickHouse.close();
        }
    }
}
