package dev.cdp.cli.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

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
