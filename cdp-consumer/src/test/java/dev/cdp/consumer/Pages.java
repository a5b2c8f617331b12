package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.cdp.consumer.StoppingProducer.Place;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventType;

/** Topics of which handlers make events for another topic, and what can be read there. */
final class Pages {

    @EventType("page_counted")
    record PageCounted(String pageId, int ordinal, String part) {}

    private Pages() {}

    static String outputs(Topics topics) {
        return "out-" + topics.topic;
    }

    static Catalog catalog(String topic) {
        String yaml = """
                cdp: 1
                catalog: test
                source: //test.example
                events:
                  page_viewed:
                    topic: "%1$s"
                    key: /page_id
                    schema:
                      type: object
                      required: [page_id, ordinal]
                      properties: { page_id: { type: string }, ordinal: { type: integer, minimum: 0, maximum: 1000000 } }
                  page_counted:
                    topic: "out-%1$s"
                    key: /page_id
                    schema:
                      type: object
                      required: [page_id, ordinal, part]
                      properties: { page_id: { type: string }, ordinal: { type: integer }, part: { type: string } }
                """.formatted(topic);
        try {
            Path folder = Files.createTempDirectory("cdp-consumer-test");
            Path file = Files.writeString(folder.resolve("cdp.yaml"), yaml);
            Catalog catalog = Catalog.load(file);
            Files.delete(file);
            Files.delete(folder);
            return catalog;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A consumer that makes two events of each, in transactions. */
    static ConsumerBuilder consumer(
            ConsumerBuilder builder, Map<String, Object> kafka, String topic, String group, String transactionalId) {
        return builder.kafka(kafka)
                .group(group)
                .topics(topic)
                .transactionalId(transactionalId)
                .emits(PageCounted.class)
                .commitInterval(Duration.ofMillis(20))
                .retry(RetryPolicy.exponential(3, Duration.ofMillis(5)))
                .transform(Topics.PageViewed.class, (event, delivery, outputs) -> {
                    int ordinal = event.payload().ordinal();
                    outputs.emit(new PageCounted("p" + ordinal % 5, ordinal, "a"));
                    if (ordinal % 7 == 3 && delivery.attempt() == 1) {
                        throw new IllegalStateException("after its first output");
                    }
                    outputs.emit(new PageCounted("p" + ordinal % 5, ordinal, "b"));
                });
    }

    /** As {@link #consumer(ConsumerBuilder, Map, String, String, String)}, which may be stopped at a place of its transactions. */
    static ConsumerBuilder consumer(
            Topics topics, String transactionalId, Map<String, Object> more, Consumer<Place> stop) {
        Map<String, Object> properties =
                more.containsKey("group.protocol") ? topics.properties("consumer") : topics.properties();
        properties.putAll(more);
        ResilientConsumer.Clients clients = new ResilientConsumer.Clients(
                ResilientConsumer.Clients.KAFKA.consumers(), new StoppingProducer(stop)::connect);
        return consumer(
                new ConsumerBuilder(catalog(topics.topic), clients),
                properties,
                topics.topic,
                topics.group,
                transactionalId);
    }

    static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** The outputs that can be seen, each as {@code ordinal part}. */
    static List<String> seen(Topics topics) {
        return topics.readCommitted(outputs(topics)).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .map(json -> json.replaceAll(".*\"ordinal\":(\\d+).*\"part\":\"(\\w)\".*", "$1 $2"))
                .sorted()
                .toList();
    }

    /** What has to be seen of events with those ordinals. */
    static List<String> of(Iterable<Integer> ordinals) {
        List<String> all = new ArrayList<>();
        ordinals.forEach(ordinal -> {
            all.add(ordinal + " a");
            all.add(ordinal + " b");
        });
        all.sort(null);
        return all;
    }
}
