package dev.cdp.consumer.dlq;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that will never be processed, and why.
 *
 * @param topic the dead letter topic that it goes to
 * @param record the record as it was read, bytes untouched
 * @param failure why
 * @param attempts how often it was tried, at least 1
 */
public record DeadLetter(String topic, ConsumerRecord<byte[], byte[]> record, Failure failure, int attempts) {

    /** Where it came from and why, without its contents. */
    @Override
    public String toString() {
        return "DeadLetter[" + record.topic() + "-" + record.partition() + "@" + record.offset() + " → " + topic + " "
                + failure.reason() + "]";
    }
}
