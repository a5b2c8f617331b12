package dev.cdp.embedded;

import java.util.Properties;

import org.jspecify.annotations.Nullable;

/** A node in this JVM. */
final class JvmKafkaNode implements KafkaNode {
    private final Properties properties;
    private @Nullable KafkaServer server;

    JvmKafkaNode(Properties properties) {
        this.properties = properties;
    }

    @Override
    public void launch() {
        if (server == null) {
            KafkaServer.keepJvm();
            server = KafkaServer.start(properties);
        }
    }

    @Override
    public void awaitReady() {
        // The launch returned when it was.
    }

    @Override
    public boolean running() {
        return server != null;
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public void kill() {
        throw needsChild("killed");
    }

    @Override
    public void pause() {
        throw needsChild("paused");
    }

    @Override
    public void resume() {
        throw needsChild("resumed");
    }

    private static UnsupportedOperationException needsChild(String what) {
        return new UnsupportedOperationException("a broker in this JVM cannot be " + what
                + ": start it by EmbeddedKafka.builder().childProcess().start()");
    }
}
