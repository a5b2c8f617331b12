package dev.cdp.core.wire;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogFolder;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.event.EventIds;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class RecordReaderTest {

    private static final UUID TOPIC = new UUID(1, 2);
    private static final Instant STORED = Instant.parse("2026-02-02T00:00:00Z");
    private static final String PAYLOAD = "{\"at\":\"2026-01-01T00:00:00Z\",\"post\":\"p1\"}";

    private static final RecordReader READER = new RecordReader(catalog());

    private static Catalog catalog() {
        return Catalogs.CATALOG;
    }

    @Test
    void whatTheHeadersSayIsTaken() {
        EventAttributes attributes = new EventAttributes(
                "id-1", "viewed", URI.create("//app"), Instant.EPOCH, "post:x", URI.create("//s/viewed/1"));

        Reading reading = read("shared", CloudEvents.write(attributes).build(), PAYLOAD);

        assertThat(reading).isInstanceOfSatisfying(Reading.Known.class, known -> {
            assertThat(known.attributes()).isEqualTo(attributes);
            assertThat(known.version()).isEqualTo(1);
        });
    }

    @Test
    void whatTheHeadersLackIsFilledInTheSameWayAtEveryRead() {
        Reading reading = read("alone", EventHeaders.none(), PAYLOAD);

        assertThat(reading).isInstanceOfSatisfying(Reading.Known.class, known -> {
            assertThat(known.definition().name()).isEqualTo("solo");
            assertThat(known.attributes().id()).isEqualTo(EventIds.ofRecord(TOPIC, 1, 56));
            assertThat(known.attributes().time()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(known.attributes().subject()).contains("post:p1");
            assertThat(known.attributes().source()).isEqualTo(URI.create("//social.example"));
        });
        assertThat(read("alone", EventHeaders.none(), "{\"test\":\"message\"}"))
                .isInstanceOfSatisfying(
                        Reading.Known.class,
                        known -> assertThat(known.attributes().time()).isEqualTo(STORED));
    }

    @Test
    void anEmptyAttributeSaysNothing() {
        EventHeaders.Builder empty = EventHeaders.builder();
        for (String name : List.of(
                CloudEvents.TYPE,
                CloudEvents.ID,
                CloudEvents.SOURCE,
                CloudEvents.TIME,
                CloudEvents.SUBJECT,
                CloudEvents.DATA_SCHEMA)) {
            empty.add(name, new byte[0]);
        }

        Reading.Known without = (Reading.Known) read("alone", EventHeaders.none(), PAYLOAD);
        assertThat(read("alone", empty.build(), PAYLOAD)).isInstanceOfSatisfying(Reading.Known.class, known -> {
            assertThat(known.attributes()).isEqualTo(without.attributes());
            assertThat(known.version()).isEqualTo(without.version());
        });
    }

    @Test
    void whatCannotBeToldIsNamed() {
        assertUnknown("shared", EventHeaders.none(), DeadLetterReason.UNKNOWN_EVENT, "carries 2 events");
        assertUnknown("shared", type("veiwed"), DeadLetterReason.UNKNOWN_EVENT, "did you mean 'viewed'?");
        assertUnknown(
                "shared",
                EventHeaders.builder()
                        .add(CloudEvents.TYPE, "viewed")
                        .add(CloudEvents.DATA_SCHEMA, "//s/viewed/9")
                        .build(),
                DeadLetterReason.UNKNOWN_VERSION,
                "version 9 of viewed is not in the catalog");
        assertUnknown(
                "shared",
                EventHeaders.builder()
                        .add(CloudEvents.TYPE, "viewed")
                        .add(CloudEvents.TIME, "noon")
                        .build(),
                DeadLetterReason.UNDECODABLE,
                "header ce_time cannot be read");
        assertThat(read("shared", type("viewed"), null)).isInstanceOf(Reading.Tombstone.class);
    }

    @Test
    void aProbeIsOneOnEveryTopicWhateverItHolds() {
        for (String topic : new String[] {"shared", "alone", "money", "elsewhere"}) {
            assertThat(read(topic, type(CloudEvents.PROBE_TYPE), "{\"type\":\"paid\"}"))
                    .isInstanceOf(Reading.Probe.class);
        }
        assertThat(read("alone", type(CloudEvents.PROBE_TYPE), "no JSON")).isInstanceOf(Reading.Probe.class);
        assertThat(read("alone", type("cdp.probes"), PAYLOAD)).isInstanceOf(Reading.Unknown.class);
    }

    @Test
    void aFieldTellsTheEventsOnASharedTopic() {
        for (String type : new String[] {"paid", "refunded"}) {
            assertThat(read("money", EventHeaders.none(), "{\"x\":[1],\"type\":\"" + type + "\"}"))
                    .isInstanceOfSatisfying(
                            Reading.Known.class,
                            known -> assertThat(known.definition().name())
                                    .isEqualTo(type.equals("paid") ? "paid" : "returned"));
        }
        assertThat(read("money", type("paid"), "{\"type\":\"refunded\"}"))
                .isInstanceOfSatisfying(
                        Reading.Known.class,
                        known -> assertThat(known.definition().name()).isEqualTo("paid"));
    }

    @Test
    void aFieldThatTellsNoneIsNamedButNotItsValue() {
        for (String payload : new String[] {"{\"type\":\"secret\"}", "{\"type\":{}}", "{}", "[", ""}) {
            assertThat(read("money", EventHeaders.none(), payload))
                    .as(payload)
                    .isInstanceOfSatisfying(Reading.Unknown.class, unknown -> {
                        assertThat(unknown.reason()).isEqualTo(DeadLetterReason.UNKNOWN_EVENT);
                        assertThat(unknown.message())
                                .isEqualTo("no ce_type header, and field /type tells none of the events on topic money;"
                                        + " expected one of [paid, refunded]");
                    });
        }
    }

    @Property(tries = 500)
    void noHeaderOrValueMakesItThrow(
            @ForAll byte[] type, @ForAll byte[] time, @ForAll byte[] schema, @ForAll byte[] value) {
        EventHeaders headers = EventHeaders.builder()
                .add(CloudEvents.TYPE, type)
                .add(CloudEvents.TIME, time)
                .add(CloudEvents.DATA_SCHEMA, schema)
                .build();
        assertThat(READER.read(new IncomingRecord("alone", TOPIC, 0, 0, STORED, headers, value)))
                .isNotNull();
        EventHeaders known = EventHeaders.builder()
                .add(CloudEvents.TYPE, "solo")
                .add(CloudEvents.SOURCE, time)
                .add(CloudEvents.DATA_SCHEMA, schema)
                .build();
        assertThat(READER.read(new IncomingRecord("alone", TOPIC, 0, 0, STORED, known, value)))
                .isNotNull();
    }

    private static void assertUnknown(String topic, EventHeaders headers, DeadLetterReason reason, String message) {
        assertThat(read(topic, headers, PAYLOAD)).isInstanceOfSatisfying(Reading.Unknown.class, unknown -> {
            assertThat(unknown.reason()).isEqualTo(reason);
            assertThat(unknown.message()).contains(message);
        });
    }

    private static EventHeaders type(String type) {
        return EventHeaders.builder().add(CloudEvents.TYPE, type).build();
    }

    private static Reading read(String topic, EventHeaders headers, @Nullable String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        return READER.read(new IncomingRecord(topic, TOPIC, 1, 56, STORED, headers, bytes));
    }

    /** Both engines, Jupiter and jqwik, use the same one. */
    private static final class Catalogs {
        private static final Catalog CATALOG = load();

        private static Catalog load() {
            try {
                Path folder = java.nio.file.Files.createTempDirectory("cdp-catalog");
                folder.toFile().deleteOnExit();
                String schema = """
                        {"properties": {"at": {"type": "string", "format": "date-time"},
                          "post": {"type": "string"}, "type": {"type": "string"}}}
                        """;
                return new CatalogFolder(folder).file("s.json", schema).load("""
                                events:
                                  viewed: { schema: s.json, topic: shared, time: /at }
                                  liked: { schema: s.json, topic: shared }
                                  solo: { schema: s.json, topic: alone, time: /at, subject: { type: post, id: /post } }
                                  paid: { schema: s.json, topic: money, discriminator: /type }
                                  returned:
                                    schema: s.json
                                    topic: money
                                    discriminator: { field: /type, value: refunded }
                                """);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
