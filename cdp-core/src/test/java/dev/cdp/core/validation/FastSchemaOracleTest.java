package dev.cdp.core.validation;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

import dev.cdp.core.schema.Dialect;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What the fast tier accepts, the oracle accepts: for random schemas, and for texts near them. */
class FastSchemaOracleTest {

    private static final URI BASE = URI.create("https://test.example/root.json");
    private static final int SEEDS = 100;
    private static final int TEXTS = 50;
    private static final int SCHEMAS = Math.max(1, Integer.getInteger("cdp.validation.tries", 100_000) / SEEDS / TEXTS);
    private static final LongAdder ASKED = new LongAdder();
    private static final LongAdder VALID = new LongAdder();
    private static final LongAdder ALONE = new LongAdder();

    @Property(tries = SEEDS, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void acceptsOnlyWhatTheOracleAccepts(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < SCHEMAS; i++) {
            compare(random);
        }
    }

    private static void compare(Random random) {
        Dialect dialect = random.nextBoolean() ? Dialect.DRAFT_7 : Dialect.DRAFT_2020_12;
        JsonNode root = new RandomSchemas(random, dialect).root();
        if (InPlaceCycles.exist(root, new SchemaIndex(root, BASE, Map.of(), dialect))) {
            // The oracle takes exponential time for these before its stack ends; catalogs refuse them.
            return;
        }
        FastSchema fast = FastSchema.compile(root, BASE, Map.of(), dialect);
        Reference oracle = new Reference(root, dialect, Map.of());
        RandomInstances instances = new RandomInstances(random, root);
        for (int i = 0; i < TEXTS; i++) {
            byte[] json = instances.next();
            boolean accepted = fast.accepts(json, 0, json.length);
            boolean valid = oracle.accepts(json);
            ASKED.increment();
            VALID.add(valid ? 1 : 0);
            ALONE.add(accepted ? 1 : 0);
            assertThat(accepted && !valid)
                    .as("%s accepts under %s what the oracle refuses: %s", root, dialect, text(json))
                    .isFalse();
        }
    }

    @AfterContainer
    static void report() {
        System.out.printf(
                "differential: %d texts, %d valid, %d of those accepted by the fast tier alone%n",
                ASKED.sum(), VALID.sum(), ALONE.sum());
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
