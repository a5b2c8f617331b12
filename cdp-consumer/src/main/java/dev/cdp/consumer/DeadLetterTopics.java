package dev.cdp.consumer;

/** What a consumer does at start about a dead letter topic that does not exist. */
public enum DeadLetterTopics {
    /** It refuses to start and says how to create it. */
    REQUIRE,
    /** It creates it, with as many partitions as the source topic and the broker's default replication. */
    CREATE
}
