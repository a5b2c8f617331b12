package dev.cdp.example.social;

import java.util.Map;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.schema.Column;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The incident's quieter half: the shared context grew, and subject_type changed under the pipeline. */
class VersionsTest {

    private static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");
    private static final EventValidator VALIDATOR = EventValidator.of(CATALOG);

    private static final String SHARED = """
            "occurred_at": "2026-03-01T12:00:00Z",
            "actor": {"id": "u_1", "kind": "member"},
            "context": {
              "subject": "p_1",
              "subject_type": "Post (photo)",
              "geo": {"country": "DE"},
              "device": {"platform": "ios", "os_version": "17.4"},
              "app": {"version": "8.40.1"},
              "session": {"id": "6f1b8a8e-6a0f-4b57-8d3a-0f4f1f5f9b10"}
            }
            """;
    private static final String POST = """
            "post": {"id": "p_1", "author_id": "u_2", "kind": "photo"}
            """;

    private static final Map<String, String> OLD = Map.of(
            "post_viewed", POST + ",\"dwell_ms\": 1500",
            "post_liked", POST + ",\"reaction\": \"love\", \"undone\": false",
            "comment_added",
                    POST + ",\"comment\": {\"id\": \"c_1\", \"depth\": 0, \"text_length\": 12}, \"has_link\": false",
            "feed_loaded",
                    "\"load_id\": \"6f1b8a8e-6a0f-4b57-8d3a-0f4f1f5f9b10\", \"feed\": \"home\", \"page\": 0,"
                            + "\"post_ids\": [\"p_1\"], \"latency_ms\": 210, \"from_cache\": false",
            "profile_viewed",
                    "\"profile\": {\"id\": \"u_2\", \"kind\": \"creator\", \"follower_count\": 12},"
                            + "\"following\": true, \"dwell_ms\": 900");

    @Test
    void everyEventWithTwoVersionsIsTriedHere() {
        assertThat(CATALOG.events().stream()
                        .filter(event -> event.versions().size() > 1)
                        .map(EventDefinition::name))
                .containsExactlyInAnyOrderElementsOf(OLD.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_viewed", "post_liked", "comment_added", "feed_loaded", "profile_viewed"})
    void anOldRecordIsValidByItsOwnVersionAndNotByTodays(String event) {
        byte[] json = old(event);

        assertThat(VALIDATOR.validate(event, 1, json)).isEqualTo(ValidationReport.ok());
        assertThat(VALIDATOR.validate(event, 2, json).violations())
                .extracting(Violation::path)
                .contains("/context/subject_type", "/context/device", "/context/session");
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_viewed", "post_liked", "comment_added", "feed_loaded", "profile_viewed"})
    void oneTableHoldsBothVersions(String event) {
        Map<String, String> columns = CATALOG.event(event).orElseThrow().table().orElseThrow().columns().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Column::name, column -> column.type().sql()));

        assertThat(columns)
                .containsEntry("context_subject_type", "LowCardinality(Nullable(String))")
                .containsEntry("context_subject", "Nullable(String)")
                .containsEntry("context_geo_time_zone", "LowCardinality(Nullable(String))")
                .containsEntry("context_geo_country", "LowCardinality(String)")
                .containsEntry("actor_id", "String")
                .containsEntry("actor_verified", "Nullable(Bool)");
    }

    @Test
    void anOldRecordIsReadWithTodaysClassAndLacksWhatItLacked() {
        PostViewed event = EventBinding.of(PostViewed.class).read(old("post_viewed"));

        assertThat(event.dwellMs()).isEqualTo(1500);
        assertThat(event.actor().id()).isEqualTo("u_1");
        assertThat(event.context().subjectType()).isNull();
        assertThat(event.surface()).isNull();
    }

    private static byte[] old(String event) {
        return ("{" + SHARED + "," + OLD.get(event) + "}").getBytes(UTF_8);
    }
}
