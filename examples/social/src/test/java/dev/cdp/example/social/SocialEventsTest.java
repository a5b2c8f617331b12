package dev.cdp.example.social;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.schema.Column;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SocialEventsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00.123456789Z");
    private static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");
    private static final EventValidator VALIDATOR = EventValidator.of(CATALOG);
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void everyEventIsAcceptedAndReadBackAsItWas() {
        for (SocialEvent event : events(42, 2_000)) {
            byte[] bytes = write(event);

            assertThat(VALIDATOR.validate(definition(event).name(), bytes)).isEqualTo(ValidationReport.ok());
            assertThat(VALIDATOR.validateTime(definition(event), event.occurredAt(), NOW))
                    .isEqualTo(ValidationReport.ok());
            assertThat(EventBinding.of(event.getClass()).read(bytes)).isEqualTo(event);
        }
    }

    @Property(tries = 20)
    void everySeedMakesAcceptableEventsOfTheLastThreeDays(@ForAll long seed) {
        for (SocialEvent event : events(seed, 100)) {
            assertThat(VALIDATOR.validate(definition(event).name(), write(event)))
                    .isEqualTo(ValidationReport.ok());
            assertThat(event.occurredAt()).isBeforeOrEqualTo(NOW).isAfter(NOW.minus(Duration.ofDays(3)));
            assertThat(event.context().session().startedAt()).isBeforeOrEqualTo(event.occurredAt());
        }
    }

    @Test
    void theCatalogFindsKeyTimeAndSubjectInEveryEvent() {
        for (SocialEvent event : events(7, 2_000)) {
            EventFields fields = definition(event).fields(write(event));

            assertThat(fields.key()).hasValueSatisfying(key -> assertThat(key).isNotBlank());
            assertThat(fields.time()).contains(event.occurredAt());
            assertThat(fields.subject())
                    .hasValueSatisfying(subject ->
                            assertThat(subject).endsWith(":" + event.context().subject()));
        }
    }

    @Test
    void theSameSeedMakesTheSameEvents() {
        assertThat(events(1, 500)).isEqualTo(events(1, 500)).isNotEqualTo(events(2, 500));
    }

    @Test
    void eventsAreSpreadAsInLife() {
        List<SocialEvent> events = events(3, 20_000);
        Map<Class<?>, Long> byType =
                events.stream().collect(Collectors.groupingBy(SocialEvent::getClass, Collectors.counting()));
        Map<String, Long> byPerson = events.stream()
                .collect(Collectors.groupingBy(event -> event.actor().id(), Collectors.counting()));
        long ofTheBusiestTenth = byPerson.values().stream()
                .sorted((a, b) -> Long.compare(b, a))
                .limit(byPerson.size() / 10)
                .mapToLong(count -> count)
                .sum();
        Set<String> countries =
                events.stream().map(event -> event.context().geo().country()).collect(Collectors.toSet());

        assertThat(byType.keySet()).containsExactlyInAnyOrderElementsOf(SocialEvent.types());
        assertThat(byType.get(PostViewed.class)).isBetween(5_000L, 9_000L);
        assertThat(byType.get(ContentReported.class)).isBetween(10L, 200L);
        assertThat(ofTheBusiestTenth).isBetween(6_000L, 18_000L);
        assertThat(countries).hasSizeGreaterThan(12);
    }

    @Test
    void everyDeclaredFieldIsFilledSometimesAndNoOtherIs() {
        Map<String, Set<String>> filled = new HashMap<>();
        for (SocialEvent event : events(5, 20_000)) {
            Set<String> pointers = filled.computeIfAbsent(definition(event).name(), name -> new HashSet<>());
            collect(JSON.readTree(write(event)), "", pointers);
        }

        for (String name : filled.keySet()) {
            EventDefinition event = CATALOG.event(name).orElseThrow();
            assertThat(filled.get(name))
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(event.schema().columns().stream()
                            .map(Column::pointer)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFlawIsRefusedForItsOwnReason(Flaw flaw) {
        SocialEvents source = SocialEvents.of(11, NOW);
        for (int i = 0; i < 50; i++) {
            SocialEvent event = source.next(flaw);

            ValidationReport report = VALIDATOR.validate(definition(event).name(), write(event));

            assertThat(report.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.keyword()).isEqualTo(flaw.keyword());
                assertThat(violation.path()).isEqualTo(flaw.path());
            });
            assertThat(report.reason())
                    .contains(flaw == Flaw.YEAR_2525 ? DeadLetterReason.NOT_INSERTABLE : DeadLetterReason.INVALID);
        }
    }

    @Test
    void noTwoFlawsAreRefusedForTheSameReason() {
        assertThat(Stream.of(Flaw.values()).map(Flaw::keyword)).doesNotHaveDuplicates();
    }

    private static void collect(JsonNode node, String pointer, Set<String> pointers) {
        if (!node.isObject()) {
            pointers.add(pointer);
            return;
        }
        node.properties().forEach(field -> collect(field.getValue(), pointer + "/" + field.getKey(), pointers));
    }

    private static List<SocialEvent> events(long seed, int count) {
        SocialEvents source = SocialEvents.of(seed, NOW);
        return Stream.generate(source::next).limit(count).toList();
    }

    private static EventDefinition definition(SocialEvent event) {
        return CATALOG.event(EventBinding.eventType(event.getClass())).orElseThrow();
    }

    @SuppressWarnings("unchecked") // an event's class binds that event
    private static byte[] write(SocialEvent event) {
        return ((EventBinding<SocialEvent>) EventBinding.of(event.getClass())).write(event);
    }
}
