package dev.cdp.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/** The main class of a child process that is one Kafka node until its standard input ends. */
final class KafkaNodeMain {
    static final String PROPERTIES = "node.properties";
    static final String READY = "ready";

    private KafkaNodeMain() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Thread orphanWatch = new Thread(() -> haltIfOrphaned(directory), "cdp-parent-watch");
        orphanWatch.setDaemon(true);

        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(PROPERTIES))) {
            properties.load(reader);
        }
        orphanWatch.start();
        try {
            KafkaServer server = KafkaServer.start(properties);
            Files.createFile(directory.resolve(READY));
            orphanWatch.join();
            server.close();
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Returns when the parent asks for a stop; when it is dead, nobody will want the data again. */
    private static void haltIfOrphaned(Path directory) {
        awaitEndOfInput();
        if (!Files.exists(directory.resolve(ChildProcess.KEEP))) {
            DataDirectory.delete(directory);
            deleteIfEmpty(directory.getParent());
            Runtime.getRuntime().halt(0);
        }
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent.
            }
        } catch (IOException e) {
            // Broken is as good as ended.
        }
    }

    private static void deleteIfEmpty(@Nullable Path directory) {
        try {
            if (directory != null) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            // Another node's data is still in it; that node removes it.
        }
    }
}
