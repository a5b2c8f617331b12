package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

import dev.cdp.consumer.dlq.StoredLetter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Letters on their way to a topic. One thread sends and flushes. */
final class Outbox implements AutoCloseable {

    private final Producer<byte[], byte[]> producer;
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private int open;

    /** What Kafka said to a letter's record; null for an acknowledgement. */
    record Answer(
            StoredLetter letter,
            Review.Verdict verdict,
            @Nullable Exception failure) {

        boolean acknowledged() {
            return failure == null;
        }

        /** Whether no broker will ever take it. */
        boolean hopeless() {
            return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException;
        }
    }

    Outbox(Map<String, Object> properties) {
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(StoredLetter letter, Review.Verdict verdict, ProducerRecord<byte[], byte[]> record) {
        open++;
        try {
            Future<?> unused =
                    producer.send(record, (metadata, failure) -> answers.add(new Answer(letter, verdict, failure)));
        } catch (KafkaException e) {
            answers.add(new Answer(letter, verdict, e));
        }
    }

    /** Waits for every answer and returns them. */
    List<Answer> flush() {
        if (open > 0) {
            producer.flush();
        }
        open = 0;
        List<Answer> all = new ArrayList<>();
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            all.add(answer);
        }
        return all;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
