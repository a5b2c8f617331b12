package dev.cdp.core.wire;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventHeaders;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.cdp.core.wire.WireCatalog.assertUnknown;
import static dev.cdp.core.wire.WireCatalog.known;
import static dev.cdp.core.wire.WireCatalog.utf8;
import static org.assertj.core.api.Assertions.assertThat;

final class StructuredModeTest {

    private static final RecordReader READER = new RecordReader(WireCatalog.CATALOG);
    private static final String HEAD = "\"specversion\":\"1.0\",\"id\":\"i1\",\"source\":\"//app\"";
    private static final String VIEWED = HEAD + ",\"type\":\"post_viewed\"";

    @Test
    void theEnvelopesAttributesAreTheEvents() {
        Reading.Known known =
                known(read("{" + VIEWED + ",\"time\":\"2026-01-01T01:00:00+01:00\",\"subject\":\"post:x\","
                        + "\"dataschema\":\"//s/post_viewed/1\",\"traceparent\":\"t\",\"n\":{\"a\":[1]},\"data\":{}}"));

        assertThat(known.definition().name()).isEqualTo("post_viewed");
        assertThat(known.version()).isEqualTo(1);
        assertThat(known.attributes().id()).isEqualTo("i1");
        assertThat(known.attributes().source()).isEqualTo(URI.create("//app"));
        assertThat(known.attributes().time()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(known.attributes().subject()).contains("post:x");
    }

    @Test
    void whatTheEnvelopeLacksIsFilledInFromThePayload() {
        Reading.Known known = known(read("{" + VIEWED + ",\"time\":null,\"data\":{\"at\":\"2026-01-01T00:00:00Z\"}}"));

        assertThat(known.version()).isEqualTo(2);
        assertThat(known.attributes().time()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void anEmptyAttributeSaysNothing() {
        Reading.Known known = known(read("{" + VIEWED + ",\"time\":\"\",\"subject\":\"\",\"dataschema\":\"\","
                + "\"datacontenttype\":\"\",\"data\":{\"at\":\"2026-01-01T00:00:00Z\"}}"));

        assertThat(known.version()).isEqualTo(2);
        assertThat(known.attributes().time()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"post\": \"p1\",  \"n\":[1, 2.50, {\"x\":null}]}",
                "[]",
                "17",
                "-1.50e+3",
                "\"ä\\u00e4 \\\"x\\\"\"",
                "true",
                "null",
                "{\"ключ\":\"значение\",\"emoji\":\"😀\"}"
            })
    void thePayloadIsTheBytesOfDataAsTheyStand(String data) {
        for (String envelope : new String[] {
            "{\"data\":" + data + "," + VIEWED + "}",
            "{\"data\" : " + data + " ,\n" + VIEWED + "}",
            " {" + VIEWED + ",\"ä\":\"é\",\"data\":" + data + "}\n"
        }) {
            assertThat(new String(known(read(envelope)).payload(), StandardCharsets.UTF_8))
                    .as(envelope)
                    .isEqualTo(data);
        }
    }

    @Test
    void dataInBase64IsDecoded() {
        assertThat(known(read("{" + VIEWED + ",\"datacontenttype\":\"application/vnd.x+json; charset=utf-8\","
                                + "\"data_base64\":\"e30=\"}"))
                        .payload())
                .isEqualTo(utf8("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "7",
                "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"//app\",\"type\":\"post_viewed\",\"data\":{}}",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"//app\",\"type\":\"post_viewed\",\"data\":{}}",
                "{\"specversion\":\"1.0\",\"id\":7,\"source\":\"//app\",\"type\":\"post_viewed\",\"data\":{}}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"//app\",\"data\":{}}",
                "{" + VIEWED + "}",
                "{" + VIEWED + ",\"data\":{}",
                "{" + VIEWED + ",\"data\":{}}}",
                "{" + VIEWED + ",\"data\":{},\"data\":{}}",
                "{" + VIEWED + ",\"data\":{},\"data_base64\":\"e30=\"}",
                "{" + VIEWED + ",\"data_base64\":\"%%\"}",
                "{" + VIEWED + ",\"data\":{},\"time\":\"noon\"}",
                "{" + VIEWED + ",\"data\":{},\"dataschema\":\"a b\"}",
                "{" + VIEWED + ",\"data\":\"x\",\"datacontenttype\":\"text/plain\"}"
            })
    void aBrokenEnvelopeCannotBeDecoded(String envelope) {
        assertUnknown(read(envelope), DeadLetterReason.UNDECODABLE, "");
    }

    @Test
    void anEnvelopeInAnotherEncodingCannotBeDecoded() {
        byte[] utf16 = ("{" + VIEWED + ",\"data\":{}}").getBytes(StandardCharsets.UTF_16LE);

        assertUnknown(read("application/cloudevents+json", utf16), DeadLetterReason.UNDECODABLE, "UTF-8");
        assertUnknown(
                read("application/cloudevents-batch+json", utf8("[]")),
                DeadLetterReason.UNDECODABLE,
                "a batch perhaps");
    }

    @Test
    void theContentTypeMayHaveParametersAndAnyCase() {
        byte[] envelope = utf8("{" + VIEWED + ",\"data\":{}}");

        known(read("Application/CloudEvents+JSON; charset=UTF-8", envelope));
        assertUnknown(read("application/json", envelope), DeadLetterReason.UNKNOWN_EVENT, "no ce_type header");
    }

    @Test
    void anEventThatTheCatalogLacksIsUnknown() {
        assertUnknown(
                read("{" + HEAD + ",\"type\":\"lked\",\"data\":{}}"),
                DeadLetterReason.UNKNOWN_EVENT,
                "did you mean 'liked'");
    }

    @Property(tries = 500)
    void noBytesMakeItThrow(@ForAll byte[] value) {
        assertThat(read("application/cloudevents+json", value)).isNotNull();
    }

    @Property(tries = 1_000)
    void noCutAndNoFlippedByteMakesItThrow(
            @ForAll @IntRange(max = 200) int at, @ForAll byte flip, @ForAll boolean cut) {
        byte[] value =
                utf8("{" + VIEWED + ",\"time\":\"2026-01-01T00:00:00Z\",\"data\":{\"post\":\"pä\",\"n\":[1.5e3,null]},"
                        + "\"dataschema\":\"//s/post_viewed/1\"}");
        int place = at % value.length;
        value[place] ^= flip;
        byte[] hostile = cut ? Arrays.copyOf(value, place) : value;

        assertThat(read("application/cloudevents+json", hostile)).isNotNull();
    }

    private static Reading read(String envelope) {
        return read("application/cloudevents+json", utf8(envelope));
    }

    private static Reading read(String contentType, byte[] value) {
        EventHeaders headers = EventHeaders.builder()
                .add(CloudEvents.CONTENT_TYPE, contentType)
                .build();
        return READER.read(WireCatalog.record("shared", headers, value));
    }
}
