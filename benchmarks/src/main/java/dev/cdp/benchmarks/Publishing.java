package dev.cdp.benchmarks;

/** A peer that is connected. */
interface Publishing {

    /** Publishes one of {@link PublishEvents#COUNT} events. */
    void publish(int index);

    /** Returns when the broker has answered for all of them. */
    void flush();

    /** Closes it and says how many events were acknowledged. */
    long close();
}
