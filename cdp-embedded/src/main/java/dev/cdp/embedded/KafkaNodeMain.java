package dev.cdp.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The main class of a child process that is one Kafka node until its standard input ends. */
final class KafkaNodeMain {
    static final String PROPERTIES = "node.properties";
    static final String READY = "ready";

    private KafkaNodeMain() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(PROPERTIES))) {
            properties.load(reader);
        }
        try {
            KafkaServer server = KafkaServer.start(properties);
            Files.createFile(directory.resolve(READY));
            awaitEndOfInput();
            server.close();
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
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
}
