package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.schema.CompatibilityReport;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.InvalidSchemaException;
import dev.cdp.core.schema.SchemaCompatibility;
import dev.cdp.core.schema.SchemaCompatibility.Mode;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference.Direction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is said to be compatible is: no instance that one schema allows is refused by the other, by the validator. The size
 * of the campaign is {@code -Dcdp.compat.pairs}, per try of 20.
 */
final class SchemaCompatibilityPropertyTest {

    private static final int FEW_PAIRS = 40;
    private static final int MANY_PAIRS =
            Integer.getInteger("cdp.compat.pairs", Boolean.getBoolean("cdp.campaigns.full") ? 10_000 : 250);
    private static final int INSTANCES = 40;
    private static final SchemaCompatibility STRICT = SchemaCompatibility.of(Mode.FULL, Policy.STRICT);

    private static int compared;
    private static int proven;
    private static int broken;
    private static int witnessed;
    private static int instances;

    @Property(tries = 20)
    void whatIsProvenCompatibleIsNeverRefused(@ForAll long seed) {
        compare(seed, FEW_PAIRS);
    }

    @Property(tries = 20)
    @Tag("campaign")
    void whatIsProvenCompatibleIsNeverRefusedInManyPairs(@ForAll long seed) {
        compare(seed, MANY_PAIRS);
    }

    private static void compare(long seed, int pairs) {
        Random random = new Random(seed);
        for (int i = 0; i < pairs; i++) {
            compared++;
            SchemaPairs schemas = new SchemaPairs(random);
            String older = schemas.schema();
            String newer = random.nextInt(4) == 0 ? schemas.schema() : schemas.mutated(older);
            compare(older, newer, schemas);
        }
    }

    private static void compare(String older, String newer, SchemaPairs schemas) {
        EventSchema oldSchema;
        EventSchema newSchema;
        try {
            oldSchema = parse(older);
            newSchema = parse(newer);
        } catch (InvalidSchemaException e) {
            return; // a reference into nothing, or a circle that the gate refuses
        }
        CompatibilityReport report = STRICT.check(oldSchema, newSchema);
        EventValidator oldValidator = EventValidator.of(Catalog.of("event", oldSchema));
        EventValidator newValidator = EventValidator.of(Catalog.of("event", newSchema));
        List<JsonNode> values = schemas.instances(INSTANCES);
        judge(report, Direction.BACKWARD, oldValidator, newValidator, values, older + "\n -> " + newer);
        judge(report, Direction.FORWARD, newValidator, oldValidator, values, newer + "\n -> " + older);
    }

    private static void judge(
            CompatibilityReport report,
            Direction direction,
            EventValidator writer,
            EventValidator reader,
            List<JsonNode> values,
            String pair) {
        List<JsonNode> written = new ArrayList<>();
        for (JsonNode value : values) {
            if (valid(writer, value)) {
                written.add(value);
            }
        }
        List<JsonNode> refused =
                written.stream().filter(value -> !valid(reader, value)).toList();
        if (report.reads(direction)) {
            proven++;
            instances += written.size();
            assertThat(refused)
                    .as("%s is said to be compatible %s", pair, direction)
                    .isEmpty();
        } else {
            broken++;
            witnessed += refused.isEmpty() ? 0 : 1;
        }
    }

    private static boolean valid(EventValidator validator, JsonNode value) {
        return validator
                .validate("event", value.toString().getBytes(StandardCharsets.UTF_8))
                .valid();
    }

    private static EventSchema parse(String text) {
        return EventSchema.parse(
                path -> {
                    throw new NoSuchFileException(path);
                },
                "schema.json",
                text);
    }

    @AfterContainer
    static void theTestHadSomethingToShow() {
        System.out.printf(
                "schema compatibility: %d proven over %d valid instances; %d differing, %d with a witness%n",
                proven, instances, broken, witnessed);
        assertThat(proven).isGreaterThan(compared / 20);
        assertThat(instances).isGreaterThan(compared / 4);
        assertThat(witnessed).isGreaterThan(broken / 4);
    }
}
