package dev.cdp.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.cdp.consumer.ConsumerBuilder;
import dev.cdp.consumer.ConsumerStartException;
import dev.cdp.consumer.Ordering;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;

/** Who consumes. All read the same topic from its beginning, with their own defaults and the same Kafka properties. */
enum ConsumePeer {
    /** A poll loop on one thread; it commits by Kafka's own timer. */
    RAW("raw poll loop (the limit)") {
        @Override
        void consume(ConsumeJob job) {
            Map<String, Object> settings = new HashMap<>(job.kafka());
            settings.put("enable.auto.commit", true);
            Thread loop = new Thread(() -> poll(settings, job), "raw");
            loop.setDaemon(true);
            loop.start();
        }
    },
    CDP_PARTITION("cdp PARTITION") {
        @Override
        void consume(ConsumeJob job) {
            cdp(job, builder -> builder.noValidation());
        }
    },
    CDP_KEY("cdp KEY") {
        @Override
        void consume(ConsumeJob job) {
            cdp(job, builder -> builder.noValidation().ordering(Ordering.KEY));
        }
    },
    CDP_PARTITION_VALIDATED("cdp PARTITION, validated") {
        @Override
        void consume(ConsumeJob job) {
            cdp(job, builder -> builder);
        }
    },
    CDP_KEY_VALIDATED("cdp KEY, validated") {
        @Override
        void consume(ConsumeJob job) {
            cdp(job, builder -> builder.ordering(Ordering.KEY));
        }
    },
    SPRING_RECORD("spring-kafka record listener") {
        @Override
        void consume(ConsumeJob job) {
            ContainerProperties properties = new ContainerProperties(PublishPeer.TOPIC);
            properties.setMessageListener(
                    (MessageListener<byte[], byte[]>) record -> job.handler().run());
            spring(job, properties);
        }
    },
    SPRING_BATCH("spring-kafka batch listener") {
        @Override
        void consume(ConsumeJob job) {
            ContainerProperties properties = new ContainerProperties(PublishPeer.TOPIC);
            properties.setMessageListener((BatchMessageListener<byte[], byte[]>)
                    records -> records.forEach(record -> job.handler().run()));
            spring(job, properties);
        }
    },
    PARALLEL_PARTITION("parallel-consumer PARTITION") {
        @Override
        void consume(ConsumeJob job) {
            parallel(job, ProcessingOrder.PARTITION);
        }
    },
    PARALLEL_KEY("parallel-consumer KEY") {
        @Override
        void consume(ConsumeJob job) {
            parallel(job, ProcessingOrder.KEY);
        }
    },
    /** As many threads as may be in flight, and no Kafka: what handlers that wait allow at most. */
    THREADS("threads that only wait (the ideal)") {
        @Override
        void consume(ConsumeJob job) {
            for (int i = 0; i < job.inFlight(); i++) {
                Thread thread = new Thread(
                        () -> {
                            while (true) {
                                job.handler().run();
                            }
                        },
                        "ideal-" + i);
                thread.setDaemon(true);
                thread.start();
            }
        }
    };

    private final String title;

    ConsumePeer(String title) {
        this.title = title;
    }

    /** Its name in the tables. */
    String title() {
        return title;
    }

    /** Starts to consume and returns; it goes on until the JVM ends. */
    abstract void consume(ConsumeJob job);

    private static void poll(Map<String, Object> settings, ConsumeJob job) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(PublishPeer.TOPIC));
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                for (ConsumerRecord<byte[], byte[]> unused : records) {
                    job.handler().run();
                }
            }
        }
    }

    @SuppressWarnings("resource") // it lives as long as its JVM
    private static void cdp(ConsumeJob job, UnaryOperator<ConsumerBuilder> options) {
        Catalog catalog = Catalog.load(GeneratedCatalog.of(1));
        Map<String, Object> kafka = new HashMap<>(job.kafka());
        ConsumerBuilder builder = ResilientConsumer.builder(catalog)
                .group(String.valueOf(kafka.remove("group.id")))
                .kafka(kafka)
                .topics(PublishPeer.TOPIC)
                .handleJson("event_0", (event, delivery) -> job.handler().run());
        if (job.inFlight() > 1) {
            builder.workers(job.inFlight());
        }
        ConsumerBuilder ready = options.apply(builder);
        while (!started(ready.build())) {
            // a busy machine's broker may need longer than a consumer waits at its start
        }
    }

    private static boolean started(ResilientConsumer consumer) {
        try {
            consumer.start();
            return true;
        } catch (ConsumerStartException e) {
            if (e.retryable()) {
                return false;
            }
            throw e;
        }
    }

    private static void spring(ConsumeJob job, ContainerProperties properties) {
        var consumers = new DefaultKafkaConsumerFactory<>(
                job.kafka(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var container = new ConcurrentMessageListenerContainer<byte[], byte[]>(consumers, properties);
        container.setConcurrency(Math.min(job.inFlight(), ConsumeBenchmark.PARTITIONS));
        container.start();
    }

    /** Its keys are text, as it compares arrays by identity. */
    @SuppressWarnings("resource") // it lives as long as its JVM
    private static void parallel(ConsumeJob job, ProcessingOrder ordering) {
        Map<String, Object> settings = new HashMap<>(job.kafka());
        settings.put("enable.auto.commit", false);
        var options = ParallelConsumerOptions.<String, byte[]>builder()
                .ordering(ordering)
                .consumer(new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer()));
        if (job.inFlight() > 1) {
            options.maxConcurrency(job.inFlight());
        }
        ParallelStreamProcessor<String, byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(options.build());
        processor.subscribe(List.of(PublishPeer.TOPIC));
        processor.poll(record -> job.handler().run());
    }
}
