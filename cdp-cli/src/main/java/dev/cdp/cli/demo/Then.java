package dev.cdp.cli.demo;

/**
 * The pipeline as it was: ClickHouse's own Kafka engine with a materialized view that parses a DateTime, and nothing in
 * between. One message whose DateTime cannot be parsed, and it stands.
 */
final class Then implements AutoCloseable {

    static final String GROUP = "clickhouse-raw-then";

    private final ClickHouse clickHouse;

    private Then(ClickHouse clickHouse) {
        this.clickHouse = clickHouse;
    }

    static Then start(ClickHouse clickHouse, String bootstrapServers, String topic) {
        clickHouse.execute("DROP DATABASE IF EXISTS cdp_then SYNC");
        clickHouse.execute("CREATE DATABASE cdp_then ENGINE = Atomic");
        clickHouse.execute("CREATE TABLE cdp_then.events (event_time DateTime64(3, 'UTC'), actor_id String)"
                + " ENGINE = MergeTree ORDER BY event_time");
        clickHouse.execute("CREATE TABLE cdp_then.queue (message String) ENGINE = Kafka SETTINGS"
                + " kafka_broker_list = '" + bootstrapServers + "', kafka_topic_list = '" + topic + "',"
                + " kafka_group_name = '" + GROUP + "', kafka_format = 'RawBLOB', kafka_num_consumers = 3,"
                + " kafka_thread_per_consumer = 1, kafka_max_block_size = 10, kafka_poll_max_batch_size = 10,"
                + " kafka_flush_interval_ms = 50, kafka_poll_timeout_ms = 50"
                + " SETTINGS kafka_disable_num_consumers_limit = 1");
        clickHouse.execute("CREATE MATERIALIZED VIEW cdp_then.load TO cdp_then.events AS SELECT"
                + " parseDateTime64BestEffort(JSONExtractString(message, 'occurred_at'), 3, 'UTC') AS event_time,"
                + " JSONExtractString(message, 'actor', 'id') AS actor_id FROM cdp_then.queue");
        return new Then(clickHouse);
    }

    long rows() {
        return Long.parseLong(
                clickHouse.rows("SELECT count() FROM cdp_then.events").get(0).get(0));
    }

    @Override
    public void close() {
        clickHouse.execute("DROP DATABASE IF EXISTS cdp_then SYNC");
    }
}
