package dev.cdp.cli.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;

import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.broker.NoBrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command reaches Kafka. */
public final class KafkaOptions {

    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap.servers.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String bootstrap;

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            description = "More properties of a Kafka client, for example security.protocol.")
    private @Nullable Path properties;

    @Option(
            names = "--connect-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Wait so long for a broker's first answer, 1 to 300 (default: ${DEFAULT-VALUE}).")
    private int connectSeconds = 30;

    /** How long the first answer of a broker is waited for. */
    public Duration connectTimeout() {
        try {
            return BootstrapServers.checkTimeout(Duration.ofSeconds(connectSeconds));
        } catch (IllegalArgumentException e) {
            throw new UnusableException("--connect-timeout: expected 1 to 300, found " + connectSeconds, e);
        }
    }

    /**
     * Waits for a broker's answer.
     *
     * @throws UnusableException if none comes in time
     */
    public void awaitBroker() {
        Map<String, Object> kafka = new HashMap<>(properties());
        BootstrapServers servers = BootstrapServers.of(bootstrap);
        int millis = (int) connectTimeout().toMillis();
        kafka.put("default.api.timeout.ms", millis);
        kafka.put("request.timeout.ms", millis / 2);
        Admin admin = null;
        try {
            admin = Admin.create(kafka);
            servers.await(admin.describeCluster().clusterId(), connectTimeout());
        } catch (NoBrokerException e) {
            throw new UnusableException(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof TimeoutException) { // the client's own limit, which is the same, was over first
                throw new UnusableException(servers.silence(connectTimeout()), e);
            }
            throw new UnusableException("Kafka at " + servers + " cannot be asked: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while waiting for " + servers, e);
        } finally {
            if (admin != null) {
                admin.close(Duration.ofSeconds(1)); // else it waits for what is asked
            }
        }
    }

    /** The properties of a Kafka client. */
    public Map<String, Object> properties() {
        Map<String, Object> kafka = new HashMap<>();
        if (properties != null) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(properties)) {
                read.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new UnusableException("--kafka-properties " + properties + ": cannot be read", e);
            }
            read.stringPropertyNames().forEach(name -> kafka.put(name, read.getProperty(name)));
        }
        kafka.put("bootstrap.servers", bootstrap);
        return kafka;
    }

    /** The servers' names, as given. */
    public String bootstrap() {
        return bootstrap;
    }
}
