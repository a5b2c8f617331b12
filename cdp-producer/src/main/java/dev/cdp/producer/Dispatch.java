package dev.cdp.producer;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Where a record goes once it is made: to Kafka's producer, or to the spool in front of it. Thread-safe. */
interface Dispatch {

    /** Asks where a topic is, so that the first event for it need not wait. What cannot be told is told by that event. */
    void learn(String topic, Patience patience);

    /** Returns when the record is taken; the event's outcome follows. */
    void send(ProducerRecord<byte[], byte[]> record, Pending pending, Patience patience) throws PublishFailedException;
}
