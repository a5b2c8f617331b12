CREATE DATABASE IF NOT EXISTS `golden` ON CLUSTER `north` ENGINE = Atomic;

CREATE TABLE IF NOT EXISTS `golden`.`seen` ON CLUSTER `north`
(
    `event_id` String COMMENT 'The event\'s id, the same at every delivery.' CODEC(ZSTD(3)),
    `event_time` DateTime64(3, 'UTC') COMMENT 'When it happened.' CODEC(ZSTD(3)),
    `event_version` UInt32 COMMENT 'The schema version that it was validated against.' CODEC(ZSTD(3)),
    `n` UInt8 COMMENT 'One.' CODEC(ZSTD(3)),
    `wide` Nullable(Int64) CODEC(ZSTD(3)),
    `odd \`name` Nullable(String) CODEC(ZSTD(3)),
    `_unknown` Map(String, String) COMMENT 'Fields that the schema does not declare: JSON Pointer and JSON.' CODEC(ZSTD(3)),
    `_topic` LowCardinality(String) COMMENT 'The topic of its record.' CODEC(ZSTD(3)),
    `_topic_id` UUID COMMENT 'The id of that topic; another one for a topic made anew.' CODEC(ZSTD(3)),
    `_partition` Int32 COMMENT 'The partition of its record.' CODEC(ZSTD(3)),
    `_offset` Int64 COMMENT 'The offset of its record.' CODEC(ZSTD(3)),
    `_replay` UInt32 COMMENT 'Raised by whoever wants the rows again, else 0.' CODEC(ZSTD(3)),
    `_loaded_at` DateTime64(3, 'UTC') COMMENT 'When the loader wrote the row.' CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree
PARTITION BY toYYYYMM(`event_time`)
ORDER BY (`n`)
TTL toDateTime(event_time) + toIntervalSecond(864000)
SETTINGS replicated_deduplication_window = 5000, replicated_deduplication_window_seconds = 604800
COMMENT 'Seen, it\'s counted.';

ALTER TABLE `golden`.`seen` ON CLUSTER `north` MODIFY COLUMN `wide` Nullable(Int64);

ALTER TABLE `golden`.`seen` ON CLUSTER `north` ADD COLUMN IF NOT EXISTS `odd \`name` Nullable(String) CODEC(ZSTD(3));

ALTER TABLE `golden`.`seen` ON CLUSTER `north` MODIFY TTL toDateTime(event_time) + toIntervalSecond(864000);

ALTER TABLE `golden`.`seen` ON CLUSTER `north` MODIFY COMMENT 'Seen, it\'s counted.';

