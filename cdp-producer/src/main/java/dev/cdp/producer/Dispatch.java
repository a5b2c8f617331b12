package dev.cdp.producer;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Where a record goes once it is made: to Kafka's producer, or to the spool in front of it. Thread-safe. */
interface Dispatch {

    /** Returns when the record is taken; the event's outcome follows. */
    void send(ProducerRecord<byte[], byte[]> record, Pending pending, Patience patience) throws PublishFailedException;
}
