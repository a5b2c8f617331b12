package dev.cdp.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Who publishes. All have the same events, topic and Kafka properties, and learn of every acknowledgement. */
enum PublishPeer {
    RAW("raw, bytes made before (the limit)") {
        @Override
        Publishing connect(Map<String, Object> kafka, PublishEvents events) {
            byte[][] payloads = events.payloads();
            return raw(kafka, new ByteArraySerializer(), events, i -> payloads[i]);
        }
    },
    JACKSON("raw + Jackson") {
        @Override
        Publishing connect(Map<String, Object> kafka, PublishEvents events) {
            ObjectWriter writer = JsonMapper.builder()
                    .changeDefaultPropertyInclusion(include -> include.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build()
                    .writerFor(PageView.class);
            PageView[] views = events.views();
            return raw(kafka, (topic, view) -> writer.writeValueAsBytes(view), events, i -> views[i]);
        }
    },
    CDP("cdp, validated") {
        @Override
        Publishing connect(Map<String, Object> kafka, PublishEvents events) {
            CdpProducer producer = cdp(kafka);
            EventPublisher<PageView> publisher = producer.publisher(PageView.class);
            PageView[] views = events.views();
            return publishing(producer, i -> {
                var unused = publisher.publish(views[i]);
            });
        }
    },
    CDP_JSON("cdp, validated, from JSON bytes") {
        @Override
        Publishing connect(Map<String, Object> kafka, PublishEvents events) {
            CdpProducer producer = cdp(kafka);
            EventPublisher<byte[]> publisher = producer.jsonPublisher("event_0");
            byte[][] payloads = events.payloads();
            return publishing(producer, i -> {
                var unused = publisher.publish(payloads[i]);
            });
        }
    },
    /** Its own serializer with its defaults, validation among them; the registry answers from memory, once. */
    APICURIO("Apicurio serde, validated") {
        @Override
        Publishing connect(Map<String, Object> kafka, PublishEvents events) {
            StubRegistry registry = StubRegistry.start(Workload.resource("event.json"));
            Serializer<PageView> serde = serializer("io.apicurio.registry.serde.jsonschema.JsonSchemaKafkaSerializer");
            serde.configure(
                    Map.of("apicurio.registry.url", registry.url(), "apicurio.registry.find-latest", true), false);
            PageView[] views = events.views();
            return raw(kafka, serde, events, i -> views[i]);
        }
    };

    static final String TOPIC = "cdp.benchmark";

    private final String title;

    PublishPeer(String title) {
        this.title = title;
    }

    /** Its name in the tables. */
    String title() {
        return title;
    }

    abstract Publishing connect(Map<String, Object> kafka, PublishEvents events);

    private static <V> Publishing raw(
            Map<String, Object> kafka, Serializer<V> values, PublishEvents events, IntFunction<V> value) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        KafkaProducer<byte[], V> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), values);
        byte[][] keys = events.keys();
        AtomicLong acknowledged = new AtomicLong();
        Callback count = (metadata, problem) -> {
            if (problem == null) {
                acknowledged.incrementAndGet();
            }
        };
        return new Publishing() {
            @Override
            public void publish(int index) {
                var unused = producer.send(new ProducerRecord<>(TOPIC, keys[index], value.apply(index)), count);
            }

            @Override
            public void flush() {
                producer.flush();
            }

            @Override
            public long close() {
                producer.close();
                return acknowledged.get();
            }
        };
    }

    private static CdpProducer cdp(Map<String, Object> kafka) {
        Catalog catalog = Catalog.load(GeneratedCatalog.of(1));
        return CdpProducer.builder(catalog)
                .kafka(kafka)
                .connectTimeout(Duration.ofSeconds(30))
                .connect();
    }

    private static Publishing publishing(CdpProducer producer, IntConsumer publish) {
        return new Publishing() {
            @Override
            public void publish(int index) {
                publish.accept(index);
            }

            @Override
            public void flush() {
                producer.flush();
            }

            @Override
            public long close() {
                return producer.close(Duration.ofMinutes(1)).sent();
            }
        };
    }

    /** By name, as its networknt is not the one that this is compiled with. */
    @SuppressWarnings("unchecked")
    private static <V> Serializer<V> serializer(String name) {
        try {
            return (Serializer<V>) Class.forName(name)
                    .asSubclass(Serializer.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
