package dev.cdp.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

final class PayloadReaderTest {

    private static final List<String> POINTERS = List.of("/id", "/actor/id", "/a~1b/c~0d/é");
    private static final PayloadReader READER = new PayloadReader(POINTERS.toArray(String[]::new));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Property(tries = 300)
    void it_finds_what_a_tree_has_at_the_pointers(@ForAll("payloads") JsonNode payload) {
        assertFindsWhatATreeHas(payload);
    }

    @Property(tries = 10_000)
    @Tag("campaign")
    void it_finds_what_a_tree_has_in_many_payloads(@ForAll("payloads") JsonNode payload) {
        assertFindsWhatATreeHas(payload);
    }

    @Property(tries = 300)
    void nothing_that_a_payload_holds_makes_it_throw(
            @ForAll("payloads") JsonNode payload, @ForAll int at, @ForAll byte other) {
        assertReadsWithAnotherByte(payload, at, other);
    }

    @Property(tries = 10_000)
    @Tag("campaign")
    void nothing_that_many_payloads_hold_makes_it_throw(
            @ForAll("payloads") JsonNode payload, @ForAll int at, @ForAll byte other) {
        assertReadsWithAnotherByte(payload, at, other);
    }

    private static void assertFindsWhatATreeHas(JsonNode payload) {
        assertThat(READER.read(JSON.writeValueAsBytes(payload), 3)).containsExactly(byTree(payload));
        byte[] spaced = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(payload);
        assertThat(READER.read(spaced, 3)).containsExactly(byTree(payload));
    }

    private static void assertReadsWithAnotherByte(JsonNode payload, int at, byte other) {
        byte[] json = JSON.writeValueAsBytes(payload);
        json[Math.floorMod(at, json.length)] = other;

        assertThat(READER.read(json, 3)).hasSize(3);
    }

    @Test
    void it_reads_every_kind_of_scalar_as_its_text() {
        assertThat(id("\"x\"")).isEqualTo("x");
        assertThat(id("\"\"")).isEmpty();
        assertThat(id("\"a\\u0041\\n\\\"\"")).isEqualTo("aA\n\"");
        assertThat(id("\"ü\"")).isEqualTo("ü");
        assertThat(id("-12")).isEqualTo("-12");
        assertThat(id("0")).isEqualTo("0");
        assertThat(id("1.50")).isEqualTo("1.50");
        assertThat(id("1e3")).isEqualTo("1e3");
        assertThat(id("true")).isEqualTo("true");
        assertThat(id("null")).isNull();
        assertThat(id("[1]")).isNull();
        assertThat(id("{\"id\":1}")).isNull();
    }

    @Test
    void what_is_broken_before_the_field_hides_it() {
        for (String broken :
                List.of("", "[", "{", "{\"id\"", "{\"id\":", "{\"id\":\"x", "{\"id\":\"x\u0001\"}", "{\"id\":01}")) {
            assertThat(READER.read(broken.getBytes(StandardCharsets.UTF_8), 3))
                    .as(broken)
                    .containsOnlyNulls();
        }
    }

    @Provide
    Arbitrary<JsonNode> payloads() {
        Arbitrary<JsonNode> scalars = Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars("ab\"\\/é\n{}[],: 0")
                        .ofMaxLength(6)
                        .map(JsonNodeFactory.instance::stringNode),
                Arbitraries.integers().map(JsonNodeFactory.instance::numberNode),
                Arbitraries.doubles().between(-1e9, 1e9).map(JsonNodeFactory.instance::numberNode),
                Arbitraries.of(true, false).map(JsonNodeFactory.instance::booleanNode),
                Arbitraries.just(JsonNodeFactory.instance.nullNode()));
        return Arbitraries.recursive(() -> scalars, inner -> object(inner), 1, 3);
    }

    private static Arbitrary<JsonNode> object(Arbitrary<JsonNode> values) {
        return Arbitraries.maps(Arbitraries.of("id", "actor", "a/b", "c~d", "é", "x", "\"", "i"), values)
                .ofMaxSize(5)
                .flatMap(map -> Arbitraries.of(0, 1, 2).map(wrap -> {
                    JsonNode node = JsonNodeFactory.instance.objectNode().setAll(map);
                    return wrap == 0 ? JsonNodeFactory.instance.arrayNode().add(node) : node;
                }));
    }

    private static @Nullable String[] byTree(JsonNode payload) {
        return POINTERS.stream()
                .map(payload::at)
                .map(node -> node.isValueNode() && !node.isNull() && !node.isMissingNode() && payload.isObject()
                        ? node.asString()
                        : null)
                .toArray(String[]::new);
    }

    private static @Nullable String id(String value) {
        byte[] json = ("{\"x\":[{\"id\":\"no\"}],\"id\":" + value + "}").getBytes(StandardCharsets.UTF_8);
        return READER.read(json, 3)[0];
    }
}
