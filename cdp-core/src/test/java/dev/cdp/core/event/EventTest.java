package dev.cdp.core.event;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class EventTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

    @Test
    void anEventsNameIsItsAnnotationOrItsOwnInSnakeCase() {
        assertThat(EventBinding.eventType(PostViewed.class)).isEqualTo("post_viewed");
        assertThat(EventBinding.eventType(Named.class)).isEqualTo("other_name");
        assertThat(EventBinding.eventType(HTTPCallMade.class)).isEqualTo("http_call_made");
    }

    @Test
    void aRecordIsWrittenInSnakeCaseWithoutNullsAndWithTimesAsText() {
        EventBinding<PostViewed> binding = EventBinding.of(PostViewed.class);
        PostViewed event = new PostViewed("p", NOON, null, Kind.PHOTO, List.of(1, 2), new Place("x", null));

        assertThat(new String(binding.write(event), StandardCharsets.UTF_8))
                .isEqualTo("{\"post_id\":\"p\",\"occurred_at\":\"2026-03-01T12:00:00.123Z\",\"kind\":\"photo\","
                        + "\"screen_sizes\":[1,2],\"where\":{\"country_code\":\"x\"}}");
        assertThat(binding.read(binding.write(event))).isEqualTo(event);
    }

    @Test
    void unknownPropertiesAndConstantsAreToleratedOnReading() {
        PostViewed event = EventBinding.of(PostViewed.class)
                .read(utf8("{\"post_id\":\"p\",\"new\":{\"a\":1},\"kind\":\"hologram\"}"));

        assertThat(event.postId()).isEqualTo("p");
        assertThat(event.kind()).isNull();
    }

    @Test
    void aBindingErrorNamesThePlaceAndNotTheValue() {
        assertThatThrownBy(() ->
                        EventBinding.of(PostViewed.class).read(utf8("{\"where\":{\"country_code\":[\"hunter2\"]}}")))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("/where/country_code")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void cloudEventsAttributesAreHeaders() {
        EventAttributes attributes = new EventAttributes(
                "id-1",
                "post_viewed",
                URI.create("//social.example"),
                NOON,
                "post:p",
                URI.create("//social.example/post_viewed/2"));

        EventHeaders headers = CloudEvents.write(attributes).build();

        assertThat(headers)
                .hasToString("[ce_specversion, ce_type, ce_source, ce_dataschema, content-type, ce_id, ce_time,"
                        + " ce_subject]");
        assertThat(headers.text(CloudEvents.TIME)).contains("2026-03-01T12:00:00.123Z");
        assertThat(CloudEvents.time(headers)).contains(NOON);
        assertThat(attributes.version()).hasValue(2);
        assertThat(CloudEvents.version(URI.create("https://x.example/schema.json")))
                .isEmpty();
    }

    @Test
    void theLastHeaderOfANameCounts() {
        EventHeaders headers = EventHeaders.builder()
                .add("a", "1")
                .add("b", (byte[]) null)
                .add("a", "2")
                .build();

        assertThat(headers.text("a")).contains("2");
        assertThat(headers.text("b")).isEmpty();
        assertThat(headers.size()).isEqualTo(3);
    }

    @Test
    void newIdsAreVersionSevenAndSortByTime() {
        EventIds early = EventIds.of(InstantSource.fixed(NOON), new Random(1));
        EventIds late = EventIds.of(InstantSource.fixed(NOON.plusMillis(1)), new Random(1));

        UUID id = UUID.fromString(early.next());
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
        assertThat(early.next()).isLessThan(late.next());
        assertThat(early.next()).isNotEqualTo(early.next());
    }

    @Test
    void aRecordsIdDependsOnWhereItStandsAndNothingElse() {
        UUID topic = new UUID(3, 4);
        String id = EventIds.ofRecord(topic, 1, 56);

        assertThat(UUID.fromString(id).version()).isEqualTo(8);
        assertThat(EventIds.ofRecord(topic, 1, 56)).isEqualTo(id);
        assertThat(List.of(
                        EventIds.ofRecord(topic, 1, 57),
                        EventIds.ofRecord(topic, 2, 56),
                        EventIds.ofRecord(new UUID(3, 5), 1, 56)))
                .doesNotHaveDuplicates()
                .doesNotContain(id);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    enum Kind {
        @JsonProperty("photo")
        PHOTO
    }

    record Place(String countryCode, @Nullable String city) {}

    record PostViewed(
            String postId,
            Instant occurredAt,
            @Nullable Long dwellMs,
            @Nullable Kind kind,
            List<Integer> screenSizes,
            Place where) {}

    @EventType("other_name")
    record Named() {}

    record HTTPCallMade() {}
}
