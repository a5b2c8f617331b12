package dev.cdp.core.wire;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.cdp.core.CdpException;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.RegistryRefusedException;
import dev.cdp.core.registry.RegistryUnavailableException;
import dev.cdp.core.registry.SchemaKey;
import dev.cdp.core.registry.SchemaRegistry;
import dev.cdp.core.registry.SchemaType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static dev.cdp.core.wire.WireCatalog.assertUnknown;
import static dev.cdp.core.wire.WireCatalog.known;
import static dev.cdp.core.wire.WireCatalog.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SchemaIdsTest {

    private static final String PAYLOAD = "{\"post\":\"p1\"}";
    private static final UUID GUID = UUID.fromString("1b4e28ba-2fa1-11d2-883f-0016d3cca427");
    private static final String AVRO = """
            {"type": "record", "name": "PostViewed", "namespace": "com.example", "fields": [
              {"name": "post", "type": "string"}, {"name": "at", "type": ["null", "string"]}]}
            """;

    private final Map<SchemaKey, RegisteredSchema> schemas = new HashMap<>();
    private final RecordReader reader =
            new RecordReader(WireCatalog.CATALOG, key -> Optional.ofNullable(schemas.get(key)));

    @Test
    void anIdInFrontOfTheValueIsTakenOff() {
        schemas.put(new SchemaKey.Id(7), json("{\"title\":\"PostViewed\"}"));

        Reading.Known known = known(reader.read(record("shared", EventHeaders.none(), framed(7, PAYLOAD))));

        assertThat(known.definition().name()).isEqualTo("post_viewed");
        assertThat(known.payload()).isEqualTo(utf8(PAYLOAD));
        assertThat(known.version()).isEqualTo(2);
    }

    @Test
    void aGuidOrAnIdInAHeaderLeavesTheValueAsItIs() {
        schemas.put(new SchemaKey.Guid(GUID), json("{\"title\":\"PostViewed\"}"));
        schemas.put(new SchemaKey.Id(7), json("{\"title\":\"Liked\"}"));

        Reading.Known byGuid = known(reader.read(record("shared", guid(GUID), utf8(PAYLOAD))));
        Reading.Known byId = known(reader.read(record("shared", header(framed(7, "")), utf8(PAYLOAD))));

        assertThat(byGuid.definition().name()).isEqualTo("post_viewed");
        assertThat(byGuid.payload()).isEqualTo(utf8(PAYLOAD));
        assertThat(byId.definition().name()).isEqualTo("liked");
    }

    @Test
    void theVerySchemaOfAVersionTellsTheVersion() {
        schemas.put(new SchemaKey.Id(1), json(" " + WireCatalog.VIEWED_1.replace(":", " : ")));
        schemas.put(new SchemaKey.Id(2), json(WireCatalog.VIEWED_2));

        assertThat(known(reader.read(record("shared", EventHeaders.none(), framed(1, PAYLOAD))))
                        .version())
                .isEqualTo(1);
        assertThat(known(reader.read(record("shared", EventHeaders.none(), framed(2, PAYLOAD))))
                        .version())
                .isEqualTo(2);
    }

    @Test
    void twoEventsOfOneSchemaAreToldApartByTheTopic() {
        schemas.put(new SchemaKey.Id(1), json("{\"properties\":{\"liked\":{\"type\":\"integer\"}}}"));

        assertThat(name(reader.read(record("shared", EventHeaders.none(), framed(1, PAYLOAD)))))
                .isEqualTo("liked");
        assertThat(name(reader.read(record("alone", EventHeaders.none(), framed(1, PAYLOAD)))))
                .isEqualTo("solo");
    }

    @Test
    void aSubjectNamesTheEventWhereItSaysMoreThanTheTopic() {
        for (String subject :
                List.of("shared-PostViewed", "post_viewed-value", "com.example.PostViewed", "post-viewed")) {
            schemas.put(new SchemaKey.Id(1), json("{}", subject));
            RecordReader fresh = new RecordReader(WireCatalog.CATALOG, key -> Optional.ofNullable(schemas.get(key)));
            assertThat(name(fresh.read(record("shared", EventHeaders.none(), framed(1, PAYLOAD)))))
                    .as(subject)
                    .isEqualTo("post_viewed");
        }
        schemas.put(new SchemaKey.Id(2), json("{}", "shared-value"));
        assertUnknown(
                reader.read(record("shared", EventHeaders.none(), framed(2, PAYLOAD))),
                DeadLetterReason.UNKNOWN_EVENT,
                "neither the title, record name nor subject");
        schemas.put(new SchemaKey.Id(3), json("{}", "alone-value"));
        assertThat(name(reader.read(record("alone", EventHeaders.none(), framed(3, PAYLOAD)))))
                .isEqualTo("solo");
    }

    @Test
    void theRecordsOwnWordCountsBeforeItsSchema() {
        schemas.put(new SchemaKey.Id(1), json(WireCatalog.VIEWED_2));
        EventHeaders liked =
                EventHeaders.builder().add(CloudEvents.TYPE, "liked").build();
        EventHeaders old = EventHeaders.builder()
                .add(CloudEvents.TYPE, "post_viewed")
                .add(CloudEvents.DATA_SCHEMA, "//s/post_viewed/1")
                .build();

        assertThat(name(reader.read(record("shared", liked, framed(1, PAYLOAD)))))
                .isEqualTo("liked");
        assertThat(known(reader.read(record("shared", old, framed(1, PAYLOAD)))).version())
                .isEqualTo(1);
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowIsAnUnknownVersion() {
        assertUnknown(
                reader.read(record("alone", EventHeaders.none(), framed(9, PAYLOAD))),
                DeadLetterReason.UNKNOWN_VERSION,
                "the registry has no schema of id 9");
        assertUnknown(
                reader.read(record("shared", guid(GUID), utf8(PAYLOAD))),
                DeadLetterReason.UNKNOWN_VERSION,
                "GUID " + GUID);
    }

    @Test
    void aBrokenFrameCannotBeDecoded() {
        for (byte[] header : List.of(new byte[0], new byte[] {1}, new byte[18], new byte[] {2, 0, 0, 0, 1})) {
            assertUnknown(
                    reader.read(record("alone", header(header), utf8(PAYLOAD))),
                    DeadLetterReason.UNDECODABLE,
                    "__value_schema_id: expected");
        }
        assertUnknown(
                reader.read(record("alone", EventHeaders.none(), new byte[] {0, 0, 1})),
                DeadLetterReason.UNDECODABLE,
                "expected 4 more bytes");
    }

    @Test
    void withoutARegistryAFrameIsToldAndAHeaderIsLeftAlone() {
        RecordReader plain = new RecordReader(WireCatalog.CATALOG);

        assertUnknown(
                plain.read(record("alone", EventHeaders.none(), framed(1, PAYLOAD))),
                DeadLetterReason.UNDECODABLE,
                "has no registry");
        assertThat(name(plain.read(record("alone", guid(GUID), utf8(PAYLOAD))))).isEqualTo("solo");
    }

    @Test
    void aRegistryThatIsDownIsNoPoison() {
        IncomingRecord record = record("alone", EventHeaders.none(), framed(1, PAYLOAD));
        RecordReader down = new RecordReader(WireCatalog.CATALOG, key -> {
            throw new RegistryUnavailableException("down", null);
        });
        RecordReader buggy = new RecordReader(WireCatalog.CATALOG, key -> {
            throw new IllegalStateException("secret");
        });

        for (RecordReader each : List.of(down, buggy)) {
            assertThatThrownBy(() -> each.read(record))
                    .isInstanceOfSatisfying(
                            CdpException.class, e -> assertThat(e.retryable()).isTrue());
        }
        assertThat(name(down.read(record("alone", EventHeaders.none(), utf8(PAYLOAD)))))
                .isEqualTo("solo");
    }

    @Test
    void aSchemaThatCannotBeUsedIsPoison() {
        RecordReader refusing = new RecordReader(WireCatalog.CATALOG, key -> {
            throw new RegistryRefusedException("too many references");
        });
        assertUnknown(
                refusing.read(record("alone", EventHeaders.none(), framed(1, PAYLOAD))),
                DeadLetterReason.UNDECODABLE,
                "too many references");

        schemas.put(new SchemaKey.Id(1), schema(SchemaType.PROTOBUF, "syntax = \"proto3\";"));
        schemas.put(new SchemaKey.Id(2), schema(SchemaType.AVRO, "{\"type\":\"nonsense\"}"));
        assertUnknown(
                reader.read(record("alone", EventHeaders.none(), framed(1, ""))),
                DeadLetterReason.UNDECODABLE,
                "written in PROTOBUF");
        assertUnknown(
                reader.read(record("alone", EventHeaders.none(), framed(2, ""))),
                DeadLetterReason.UNDECODABLE,
                "not one that Avro can read");
    }

    @Test
    void anAvroValueBecomesJson() {
        schemas.put(new SchemaKey.Id(1), schema(SchemaType.AVRO, AVRO));

        Reading.Known known = known(reader.read(record("shared", EventHeaders.none(), framed(1, "\u0004p1\u0000"))));

        assertThat(known.definition().name()).isEqualTo("post_viewed");
        assertThat(known.payload()).isEqualTo(utf8(PAYLOAD));
    }

    @Test
    void aDiscriminatorIsLookedForInWhatStandsBehindTheFrame() {
        schemas.put(new SchemaKey.Id(1), schema(SchemaType.AVRO, AVRO.replace("PostViewed", "Payment")));
        schemas.put(new SchemaKey.Id(2), json("{}"));

        assertThat(name(reader.read(record("money", EventHeaders.none(), framed(1, "\u0008paid\u0000")))))
                .isEqualTo("paid");
        assertThat(name(reader.read(record("money", EventHeaders.none(), framed(2, "{\"post\":\"paid\"}")))))
                .isEqualTo("paid");
    }

    @Test
    void whatAnIdMeansIsAskedOnce() {
        int[] asked = {0};
        RecordReader counting = new RecordReader(WireCatalog.CATALOG, key -> {
            asked[0]++;
            return Optional.of(json("{\"title\":\"liked\"}"));
        });
        for (int i = 0; i < 10; i++) {
            known(counting.read(record("shared", EventHeaders.none(), framed(1, PAYLOAD))));
        }
        assertThat(asked[0]).isEqualTo(1);
    }

    @Property(tries = 1_000)
    void nothingInARecordMakesItThrowOtherThanForARegistryThatIsDown(
            @ForAll byte[] value, @ForAll @Size(max = 20) byte[] header, @ForAll boolean framed, @ForAll byte id) {
        SchemaRegistry registry = key -> switch (Math.floorMod(key.hashCode(), 5)) {
            case 0 -> Optional.of(json("{\"title\":\"liked\"}"));
            case 1 -> Optional.of(schema(SchemaType.AVRO, AVRO));
            case 2 -> Optional.of(schema(SchemaType.OTHER, "\u0000"));
            case 3 -> throw new RegistryUnavailableException("down", null);
            default -> Optional.empty();
        };
        EventHeaders headers = framed
                ? EventHeaders.none()
                : EventHeaders.builder().add(SchemaFrames.HEADER, header).build();
        byte[] hostile = ByteBuffer.allocate(value.length + 5)
                .put((byte) 0)
                .putInt(id)
                .put(value)
                .array();
        RecordReader fresh = new RecordReader(WireCatalog.CATALOG, registry);
        for (byte[] each : List.of(value, hostile)) {
            try {
                assertThat(fresh.read(record("alone", headers, each))).isNotNull();
            } catch (CdpException e) {
                assertThat(e.retryable()).isTrue();
            }
        }
    }

    private static IncomingRecord record(String topic, EventHeaders headers, byte[] value) {
        return WireCatalog.record(topic, headers, value);
    }

    private static String name(Reading reading) {
        return known(reading).definition().name();
    }

    private static byte[] framed(int id, String content) {
        byte[] bytes = utf8(content);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(id)
                .put(bytes)
                .array();
    }

    private static EventHeaders header(byte[] value) {
        return EventHeaders.builder().add("__value_schema_id", value).build();
    }

    private static EventHeaders guid(UUID guid) {
        return header(ByteBuffer.allocate(17)
                .put((byte) 1)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array());
    }

    private static RegisteredSchema json(String text, String... subjects) {
        List<SchemaKey.Version> versions =
                List.of(subjects).stream().map(s -> new SchemaKey.Version(s, 1)).toList();
        return new RegisteredSchema(null, null, versions, SchemaType.JSON, text, Map.of());
    }

    private static RegisteredSchema schema(SchemaType type, String text) {
        return new RegisteredSchema(null, null, List.of(), type, text, Map.of());
    }
}
