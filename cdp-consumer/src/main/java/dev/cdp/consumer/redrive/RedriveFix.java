package dev.cdp.consumer.redrive;

import dev.cdp.consumer.dlq.StoredLetter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Mends a record before it is validated and published again. */
@FunctionalInterface
public interface RedriveFix {

    /**
     * The record to publish instead; the given one as it is where there is nothing to mend. Key, headers and {@code
     * ce_id} are the original's, and should stay so.
     *
     * @param letter the letter
     * @param original the record that would be published
     * @return null where the letter must stay
     */
    @Nullable
    ProducerRecord<byte[], byte[]> fix(StoredLetter letter, ProducerRecord<byte[], byte[]> original);
}
