package dev.cdp.embedded;

/** One broker or controller that can be stopped and started again on its port and data. */
sealed interface KafkaNode permits JvmKafkaNode, ChildKafkaNode {
    /** Starts it if it does not run; several may be launched before the first is awaited. */
    void launch();

    /** Returns when it serves. */
    void awaitReady();

    boolean running();

    /** Stops in good order. */
    void stop();

    /** Ends it in the fastest way that leaves no thread or process behind. */
    void close();

    void kill();

    void pause();

    void resume();
}
