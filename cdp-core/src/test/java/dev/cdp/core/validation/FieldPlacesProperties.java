package dev.cdp.core.validation;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.schema.Dialect;
import dev.cdp.core.schema.FieldPlaces;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The places of columns are where a tree of the same payload has their values, and asking for them changes no verdict. */
final class FieldPlacesProperties {

    private static final URI BASE = URI.create("https://test.example/root.json");
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final int TEXTS = 60;
    private static int known;
    private static int escaped;

    @Property(tries = 400, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void placesAreWhereATreeHasTheValues(@ForAll long seed) {
        Random random = new Random(seed);
        Dialect dialect = random.nextBoolean() ? Dialect.DRAFT_7 : Dialect.DRAFT_2020_12;
        JsonNode root = new RandomSchemas(random, dialect).root();
        if (InPlaceCycles.exist(root, new SchemaIndex(root, BASE, Map.of(), dialect))) {
            return;
        }
        RandomInstances instances = new RandomInstances(random, root);
        List<byte[]> texts = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            texts.add(instances.next());
        }
        List<Column> columns = columns(random, texts);
        FieldTree fields = FieldTree.of(columns).orElse(null);
        if (fields == null) {
            return;
        }
        FastSchema plain = FastSchema.compile(root, BASE, Map.of(), dialect);
        FastSchema placed = FastSchema.compile(root, BASE, Map.of(), dialect, fields);
        FieldFinder finder = FieldFinder.of(columns).orElseThrow();
        FieldPlaces places = new FieldPlaces(columns);
        for (byte[] json : texts) {
            String what = root + " with " + columns + " of " + text(json);
            assertThat(placed.find(json, places)).as(what).isEqualTo(plain.accepts(json, 0, json.length));
            if (fields.allFound()) {
                check(what, json, places);
            }
            finder.find(json, places);
            check(what, json, places);
        }
    }

    @AfterContainer
    static void theTextsWereOfUse() {
        assertThat(known).as("payloads whose places were known").isGreaterThan(1_000);
        assertThat(escaped).as("values with an escape").isGreaterThan(50);
    }

    private static void check(String what, byte[] json, FieldPlaces places) {
        if (!places.known()) {
            return;
        }
        known++;
        JsonNode tree = MAPPER.readTree(json);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < places.columns().size(); i++) {
            int from = places.bounds()[2 * i];
            int end = places.bounds()[2 * i + 1];
            String pointer = places.columns().get(i).pointer();
            JsonNode value = tree.at(pointer);
            if (from == 0) {
                assertThat(value.isMissingNode()).as("%s: %s", pointer, what).isTrue();
                continue;
            }
            byte[] span = Arrays.copyOfRange(json, from, end < 0 ? ~end : end);
            assertThat(MAPPER.readTree(span)).as("%s: %s", pointer, what).isEqualTo(value);
            assertThat(text(span))
                    .as("%s: %s", pointer, what)
                    .isEqualTo(text(span).strip());
            if (value.isString()) {
                assertThat(end < 0)
                        .as("%s: %s", pointer, what)
                        .isEqualTo(text(span).contains("\\"));
                escaped += end < 0 ? 1 : 0;
            }
            told.add(pointer);
        }
        assertThat(told).as(what).containsAll(fields(tree, "", places));
    }

    /** The fields of a payload that a row must hold: all but the nulls in place of an object. */
    private static List<String> fields(JsonNode object, String pointer, FieldPlaces places) {
        List<String> fields = new ArrayList<>();
        object.properties().forEach(property -> {
            String here = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
            boolean inner = places.columns().stream()
                    .anyMatch(column -> column.pointer().startsWith(here + "/"));
            if (inner && property.getValue().isObject()) {
                fields.addAll(fields(property.getValue(), here, places));
            } else if (!inner || !property.getValue().isNull()) {
                fields.add(here);
            }
        });
        return fields;
    }

    /** Some of the fields that the payloads have, so that they are found, and now and then another one. */
    private static List<Column> columns(Random random, List<byte[]> texts) {
        List<String> pointers = new ArrayList<>();
        int chosen = random.nextInt(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            if (i == chosen || random.nextInt(10) == 0) {
                collect(random, texts.get(i), pointers);
            }
        }
        if (random.nextInt(4) == 0) {
            pointers.add("/never/there");
        }
        List<Column> columns = new ArrayList<>();
        for (String pointer : pointers) {
            columns.add(new Column("c" + columns.size(), pointer, new ColumnType.JsonText(), ""));
        }
        return columns;
    }

    private static void collect(Random random, byte[] json, List<String> pointers) {
        try {
            collect(random, MAPPER.readTree(json), "", pointers);
        } catch (tools.jackson.core.JacksonException e) {
            // It is one of those that are damaged.
        }
    }

    private static void collect(Random random, JsonNode value, String pointer, List<String> pointers) {
        for (var property : value.properties()) {
            String here = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
            boolean apart = pointers.stream()
                    .noneMatch(other ->
                            other.equals(here) || other.startsWith(here + "/") || here.startsWith(other + "/"));
            if (property.getValue().isObject() && !property.getValue().isEmpty() && random.nextBoolean()) {
                collect(random, property.getValue(), here, pointers);
            } else if (apart && random.nextInt(20) > 0) {
                pointers.add(here);
            }
        }
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
