package dev.cdp.cli.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cdp.cli.events.EventGenerator.Generated;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class EventGeneratorTest {

    private static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");
    private static final EventValidator VALIDATOR = EventValidator.of(CATALOG);
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00Z");

    @Property(tries = 3)
    void everySeedMakesEventsThatTheirSchemaAndTableTake(@ForAll long seed) {
        for (EventDefinition event : CATALOG.events()) {
            EventGenerator generator = new EventGenerator(List.of(event), VALIDATOR, seed);
            for (int i = 0; i < 4; i++) {
                Generated made = generator.next(NOW);

                assertThat(VALIDATOR.validate(event.name(), made.payload())).isEqualTo(ValidationReport.ok());
                assertThat(VALIDATOR.validateTime(event, made.time(), NOW)).isEqualTo(ValidationReport.ok());
                assertThat(event.fields(made.payload()).time()).contains(made.time());
            }
        }
    }

    @Test
    void theSameSeedMakesTheSameEvents() {
        assertThat(texts(1, 100)).isEqualTo(texts(1, 100)).isNotEqualTo(texts(2, 100));
    }

    @Test
    void fewPeopleDoMostByDayAndSomeEventsAreLate() {
        List<Generated> events = events(3, 2_000);
        Map<String, Long> byPerson =
                events.stream().collect(Collectors.groupingBy(EventGeneratorTest::actor, Collectors.counting()));
        long ofTheBusiestTenth = byPerson.values().stream()
                .sorted((a, b) -> Long.compare(b, a))
                .limit(byPerson.size() / 10)
                .mapToLong(count -> count)
                .sum();
        List<Duration> late = IntStream.range(0, events.size())
                .mapToObj(i -> Duration.between(events.get(i).time(), arrival(i)))
                .toList();

        assertThat(ofTheBusiestTenth).isGreaterThan(events.size() / 3L);
        assertThat(late).allMatch(lateness -> !lateness.isNegative());
        assertThat(late.stream()
                        .filter(lateness -> lateness.compareTo(Duration.ofMinutes(5)) > 0)
                        .count())
                .isBetween(40L, 400L);
        assertThat(Persona.of(0).awake(Instant.parse("2026-11-22T01:00:00Z")))
                .isNotEqualTo(Persona.of(0).awake(Instant.parse("2026-11-22T13:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^p_[0-9a-z]{1,40}$",
                "^[A-Z]{2}$",
                "^[a-z]{2}(-[A-Z]{2})?$",
                "^[+][1-9][0-9]{6,14}$",
                "^(a|bc)+\\.\\d{3}$",
                "^[^x]?y*z{2}$",
                "^[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_]+){0,2}$",
                "^(?:one|two[0-9]{2})$"
            })
    void aTextMatchesThePatternThatItWasMadeFrom(String pattern) {
        for (int seed = 0; seed < 200; seed++) {
            assertThat(PatternText.of(pattern, new Chance(seed))).matches(Pattern.compile(pattern));
        }
    }

    private static Instant arrival(int i) {
        return NOW.plusSeconds(i);
    }

    private static List<Generated> events(long seed, int count) {
        EventGenerator generator = new EventGenerator(List.copyOf(CATALOG.events()), VALIDATOR, seed);
        return IntStream.range(0, count)
                .mapToObj(i -> generator.next(arrival(i)))
                .toList();
    }

    private static List<String> texts(long seed, int count) {
        return events(seed, count).stream()
                .map(made -> made.event().name() + made.time() + made.id() + new String(made.payload(), UTF_8))
                .toList();
    }

    private static String actor(Generated made) {
        return new String(made.payload(), UTF_8).replaceFirst(".*\"actor\":\\{\"id\":\"([^\"]*)\".*", "$1");
    }
}
