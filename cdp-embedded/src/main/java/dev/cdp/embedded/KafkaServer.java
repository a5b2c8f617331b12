package dev.cdp.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one class that touches the broker's code: formats a node's directory and starts its server. */
final class KafkaServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaServer.class);

    private final KafkaRaftServer server;

    private KafkaServer(KafkaRaftServer server) {
        this.server = server;
    }

    static KafkaServer start(Properties properties) {
        format(properties);
        KafkaServer started = new KafkaServer(new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM));
        try {
            started.server.startup();
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /**
     * From now on no broker ends this JVM when it fails, which a port in use is enough for: it throws, or logs an error.
     */
    static void keepJvm() {
        Exit.setExitProcedure(KafkaServer::logEnd);
        Exit.setHaltProcedure(KafkaServer::logEnd);
    }

    private static void logEnd(int status, @Nullable String message) {
        LOG.error("an embedded Kafka node has failed and would have ended its process with {}: {}", status, message);
    }

    /** Throws when an application's BOM has put another version of kafka-clients beside this broker. */
    static void requireMatchingClients() {
        String broker = brokerVersion();
        String clients = AppInfoParser.getVersion();
        if (!broker.equals(clients) && !broker.isEmpty()) {
            throw new IllegalStateException("the embedded broker is kafka_2.13 " + broker
                    + " but kafka-clients on the class path is " + clients
                    + ": set both (and kafka-server-common and its siblings) to one version,"
                    + " for example by <kafka.version>" + broker + "</kafka.version> under Spring Boot");
        }
    }

    private static void format(Properties properties) {
        Formatter formatter = new Formatter()
                .setClusterId(properties.getProperty(KafkaNodeProperties.CLUSTER_ID))
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .addDirectory(properties.getProperty("log.dirs"))
                .setMetadataLogDirectory(properties.getProperty("log.dirs"))
                .setControllerListenerName(KafkaNodeProperties.CONTROLLER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setIgnoreFormatted(true)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + properties.getProperty("log.dirs"), e);
        }
    }

    /** The version in the manifest of the broker's jar, or "" where it is no longer in a jar of its own. */
    private static String brokerVersion() {
        CodeSource source = KafkaRaftServer.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return "";
        }
        try {
            Path jar = Path.of(URI.create(source.getLocation().toString()));
            if (!jar.getFileName().toString().startsWith("kafka_")) {
                return "";
            }
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                String version =
                        manifest == null ? null : manifest.getMainAttributes().getValue("Version");
                return version == null ? "" : version;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
            return "";
        }
    }
}
