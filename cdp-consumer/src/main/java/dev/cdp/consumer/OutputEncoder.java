package dev.cdp.consumer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.catalog.Mode;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.event.EventIds;
import dev.cdp.core.validation.ValidationReport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Makes Kafka records of the events that handlers emit: validated, in CloudEvents binary mode. Thread-safe. */
final class OutputEncoder {

    private final Map<Class<?>, Output<?>> outputs = new HashMap<>();
    private final URI source;
    private final Judge judge;
    private final EventIds ids;
    private final InstantSource clock;

    OutputEncoder(Catalog catalog, Collection<Class<?>> types, Judge judge, EventIds ids, InstantSource clock) {
        types.forEach(type -> outputs.put(type, output(catalog, type)));
        this.source = catalog.source();
        this.judge = judge;
        this.ids = ids;
        this.clock = clock;
    }

    private record Output<T>(EventDefinition event, EventBinding<T> binding) {

        byte[] json(Object payload) {
            return binding.write(binding.type().cast(payload));
        }
    }

    /**
     * What the catalog says of the event that a class carries.
     *
     * @throws IllegalArgumentException if it has none, or the class does not fit its schema
     */
    private static <T> Output<T> output(Catalog catalog, Class<T> type) {
        String name = EventBinding.eventType(type);
        EventDefinition event = catalog.event(name)
                .orElseThrow(() -> new IllegalArgumentException("emits: the catalog has no event '" + name + "' for "
                        + type.getName() + catalog.didYouMean(name) + "; name it on the class by @EventType"));
        EventBinding<T> binding = EventBinding.of(type);
        List<String> mismatches = event.schema().mismatches(binding);
        if (!mismatches.isEmpty()) {
            throw new IllegalArgumentException("emits: " + type.getName() + " cannot be published as " + name
                    + " version " + event.version() + ": " + String.join("; ", mismatches));
        }
        return new Output<>(event, binding);
    }

    /** The topics that outputs of those classes go to; throws as the constructor does. */
    static Set<String> topics(Catalog catalog, Collection<Class<?>> types) {
        Set<String> topics = new TreeSet<>();
        types.forEach(type -> topics.add(output(catalog, type).event.topic()));
        return topics;
    }

    /** The record of an output; throws as {@link Outputs#emit} does. */
    ProducerRecord<byte[], byte[]> encode(Object payload, EventHeaders of) {
        Output<?> output = outputs.get(payload.getClass());
        if (output == null) {
            throw new IllegalArgumentException("a handler emits "
                    + payload.getClass().getName() + ", which was not given to emits(…); those are "
                    + outputs.keySet().stream().map(Class::getName).sorted().toList());
        }
        EventDefinition event = output.event;
        byte[] json = output.json(payload);
        check(event, judge.validate(event.name(), event.version(), json));
        EventFields fields = event.fields(json);
        Instant now = clock.instant();
        EventAttributes attributes = new EventAttributes(
                ids.next(),
                event.name(),
                source,
                fields.time().orElse(now),
                fields.subjectOrNull(),
                event.dataSchema());
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(event.topic(), null, now.toEpochMilli(), utf8(fields.keyOrNull()), json);
        Headers headers = record.headers();
        CloudEvents.write(attributes, headers::add);
        Optional<byte[]> trace = of.text(CloudEvents.TRACE_PARENT)
                .filter(CloudEvents::isTraceParent)
                .flatMap(any -> of.bytes(CloudEvents.TRACE_PARENT));
        trace.ifPresent(bytes -> headers.add(CloudEvents.TRACE_PARENT, bytes));
        return record;
    }

    private static void check(EventDefinition event, ValidationReport report) {
        boolean tolerated = report.valid()
                || (event.mode() != Mode.ENFORCE
                        && report.reason().orElse(DeadLetterReason.INVALID) != DeadLetterReason.UNDECODABLE);
        if (!tolerated) {
            throw new RejectedEventException("the handler's output " + event.name() + " version " + event.version()
                    + " is refused by its schema: " + report.violations().get(0));
        }
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
