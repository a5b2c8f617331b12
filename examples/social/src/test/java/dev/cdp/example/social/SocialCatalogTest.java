package dev.cdp.example.social;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogLinter;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.schema.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SocialCatalogTest {

    private static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");
    private static final JsonMapper JSON = new JsonMapper();

    static Iterable<EventDefinition> events() {
        return CATALOG.events();
    }

    @Test
    void everyRecordHasAnEvent() {
        List<String> records =
                SocialEvent.types().stream().map(EventBinding::eventType).toList();

        assertThat(records)
                .hasSizeGreaterThanOrEqualTo(14)
                .isSubsetOf(CATALOG.events().stream().map(EventDefinition::name).toList());
        assertThat(SocialEvent.class.getPermittedSubclasses()).containsExactlyElementsOf(SocialEvent.types());
    }

    @Test
    void mostEventsShareOneTopicAndEveryTopicHasThreePartitions() {
        assertThat(CATALOG.topics())
                .containsExactlyInAnyOrder("cdp.social", "cdp.messages", "cdp.ads", "cdp.payments", "cdp.trust");
        assertThat(CATALOG.events()).hasSizeGreaterThanOrEqualTo(105);
        assertThat(CATALOG.eventsOn("cdp.social")).hasSizeGreaterThan(80);
        assertThat(CATALOG.events()).extracting(EventDefinition::partitions).containsOnly(3);
    }

    @Test
    void theCatalogSaysWhatIsCountedAndTheLinterFindsNothing() {
        assertThat(CATALOG.dimensions()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(CATALOG.metrics())
                .hasSizeGreaterThanOrEqualTo(200)
                .allSatisfy(metric -> assertThat(metric.owner()).isNotBlank())
                .allSatisfy(metric -> assertThat(metric.description()).endsWith("."));
        assertThat(CatalogLinter.check(CATALOG).findings()).isEmpty();
    }

    @Test
    void noTwoEventsAreTheSameButForTheirNames() {
        Set<Set<String>> fields = new HashSet<>();
        for (EventDefinition event : CATALOG.events()) {
            Set<String> own = event.schema().columns().stream()
                    .map(Column::pointer)
                    .filter(pointer -> !pointer.startsWith("/context/") && !pointer.startsWith("/actor/"))
                    .collect(Collectors.toSet());
            assertThat(own).as(event.name()).hasSizeGreaterThan(2);
            assertThat(fields.add(own))
                    .as("%s has fields of its own", event.name())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventSaysWhoOwnsItWhatItMeansAndWhereItIsKept(EventDefinition event) {
        assertThat(event.owner()).isNotBlank();
        assertThat(event.description()).endsWith(".");
        assertThat(event.table()).hasValueSatisfying(table -> {
            assertThat(table.database()).isEqualTo("cdp");
            assertThat(table.name()).isEqualTo(event.name());
            assertThat(table.orderBy()).hasSizeGreaterThanOrEqualTo(2).contains("event_time");
            assertThat(table.ttl()).contains(Duration.ofDays(400));
            assertThat(table.columns()).extracting(Column::description).allMatch(text -> text.endsWith("."));
        });
    }

    @ParameterizedTest
    @MethodSource("events")
    void whatTellsAPersonApartIsTaggedAsPersonal(EventDefinition event) {
        Set<String> tagged = new TreeSet<>();
        Set<String> telling = new TreeSet<>();
        for (String text : event.schema().documents().values()) {
            personal(JSON.readTree(text), tagged, telling);
        }

        assertThat(telling).contains("ip", "ip_v6");
        assertThat(tagged).isEqualTo(telling);
    }

    private static void personal(JsonNode node, Set<String> tagged, Set<String> telling) {
        for (var property : node.path("properties").properties()) {
            if (property.getValue().path("x-pii").asBoolean(false)) {
                tagged.add(property.getKey());
            }
            if (List.of("ip", "ip_v6", "email", "birth_date", "phone").contains(property.getKey())) {
                telling.add(property.getKey());
            }
        }
        node.forEach(child -> personal(child, tagged, telling));
    }
}
