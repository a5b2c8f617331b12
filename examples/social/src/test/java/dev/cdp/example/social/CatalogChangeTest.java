package dev.cdp.example.social;

import java.util.List;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogDiff;
import dev.cdp.core.catalog.ColumnChange;
import dev.cdp.core.catalog.EventDiff;
import dev.cdp.core.catalog.Impact;
import dev.cdp.core.catalog.Impact.Thing;
import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.SchemaDifference;
import dev.cdp.core.schema.SchemaDifference.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

/** What nobody could tell in the incident: whether the pipeline stands the new shared context and subject_type. */
class CatalogChangeTest {

    private static final CatalogDiff DIFF =
            CatalogDiff.between(Catalog.fromClasspath("cdp/cdp.1.yaml"), Catalog.fromClasspath("cdp/cdp.yaml"));

    @Test
    void onlyTheEventsWithTwoVersionsChanged() {
        assertThat(DIFF.events())
                .filteredOn(diff -> diff.kind() == EventDiff.Kind.CHANGED)
                .extracting(EventDiff::event)
                .containsExactly("post_viewed", "post_liked", "comment_added", "feed_loaded", "profile_viewed");
        assertThat(DIFF.topics()).contains("cdp.social");
        assertThat(DIFF.breaking()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_viewed", "post_liked", "comment_added", "feed_loaded", "profile_viewed"})
    void theEventSaysWhichSharedFieldsOldRecordsLack(String event) {
        assertThat(differences(event))
                .extracting(SchemaDifference::breaks, SchemaDifference::field, SchemaDifference::keyword)
                .contains(
                        tuple(Direction.BACKWARD, "/context/subject_type", "required"),
                        tuple(Direction.BACKWARD, "/context/subject_type", "enum"),
                        tuple(Direction.BACKWARD, "/context/geo/time_zone", "required"),
                        tuple(Direction.BACKWARD, "/actor/verified", "required"),
                        tuple(Direction.FORWARD, "/context/device/platform", "enum"),
                        tuple(Direction.FORWARD, "/actor/kind", "enum"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_viewed", "post_liked", "comment_added", "feed_loaded", "profile_viewed"})
    void itsConsumersHearWhatToDeployFirstAndWhatOldRecordsLack(String event) {
        List<Impact> impacts = impacts(event, Thing.CONSUMERS);

        assertThat(impacts).extracting(Impact::name).containsOnly("cdp.social");
        assertThat(impacts)
                .filteredOn(impact -> impact.weight() == Weight.BREAKING)
                .singleElement()
                .extracting(Impact::message)
                .asString()
                .startsWith("code written for version 2 meets records of version 1 of '" + event + "'")
                .contains("/context/subject_type")
                .endsWith("each record is still judged by its own version");
        assertThat(impacts)
                .extracting(Impact::message)
                .anyMatch(message -> message.contains("dead-letter it as UNKNOWN_VERSION; deploy them before"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_viewed", "post_liked", "comment_added", "feed_loaded", "profile_viewed"})
    void itsTableGainsColumnsAndStopsOldLoadersAtSubjectType(String event) {
        assertThat(diff(event).columns())
                .extracting(ColumnChange::kind, ColumnChange::name)
                .contains(
                        tuple(ColumnChange.Kind.ADDED, "actor_verified"),
                        tuple(ColumnChange.Kind.ADDED, "context_geo_time_zone"),
                        tuple(ColumnChange.Kind.RETYPED, "context_subject_type"))
                .doesNotContain(tuple(ColumnChange.Kind.REMOVED, "context_subject_type"));
        assertThat(impacts(event, Thing.TABLE))
                .filteredOn(impact -> impact.message().startsWith("column context_subject_type"))
                .extracting(Impact::weight, Impact::name, Impact::message)
                .containsExactly(tuple(
                        Weight.CARE,
                        "cdp." + event,
                        "column context_subject_type changes from Nullable(String) to LowCardinality(Nullable(String)):"
                                + " every stored value fits, and 'ddl apply' or a loader's migrate() changes it; loaders"
                                + " with the old catalog stop until they have the new one"));
    }

    @Test
    void dimensionsAndMetricsThatSliceByChangedFieldsAreNamed() {
        assertThat(diff("post_viewed").dimensions())
                .contains("platform", "actor_kind")
                .doesNotContain("country");
        assertThat(diff("post_viewed").metrics()).contains("post_views", "viewers");
        assertThat(diff("feed_loaded").metrics()).contains("feed_loads").doesNotContain("viewers");
        assertThat(DIFF.aggregates())
                .filteredOn(impact -> impact.weight() == Weight.CARE)
                .extracting(Impact::on, Impact::name)
                .containsExactly(tuple(Thing.METRIC, "post_views"));
    }

    private static EventDiff diff(String event) {
        return DIFF.events().stream()
                .filter(diff -> diff.event().equals(event))
                .findFirst()
                .orElseThrow();
    }

    private static List<SchemaDifference> differences(String event) {
        return diff(event).versions().get(0).report().differences();
    }

    private static List<Impact> impacts(String event, Thing on) {
        return diff(event).impacts().stream()
                .filter(impact -> impact.on() == on)
                .toList();
    }
}
