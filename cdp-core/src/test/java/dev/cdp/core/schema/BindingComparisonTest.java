package dev.cdp.core.schema;

import java.io.FileNotFoundException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cdp.core.event.EventBinding;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A class is compared with its event's schema before anything is published. */
final class BindingComparisonTest {

    private static final String ORDER = """
            {"type": "object", "required": ["order_id", "placed_at", "amount_cents", "lines"],
             "properties": {
               "order_id": {"type": "string", "format": "uuid"},
               "placed_at": {"type": "string", "format": "date-time"},
               "amount_cents": {"type": "integer", "minimum": 0},
               "discount": {"type": ["number", "null"]},
               "state": {"enum": ["open", "paid"]},
               "labels": {"type": "object", "additionalProperties": {"type": "string"}},
               "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}}},
             "$defs": {"line": {"type": "object", "required": ["sku"], "additionalProperties": false,
               "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}}}}""";

    enum State {
        @JsonProperty("open")
        OPEN
    }

    record Line(String sku, Integer count) {}

    record Order(
            UUID orderId,
            Instant placedAt,
            long amountCents,
            BigDecimal discount,
            State state,
            Map<String, String> labels,
            List<Line> lines) {}

    @Test
    void aClassThatFitsHasNoMismatch() {
        assertThat(mismatches(Order.class, ORDER)).isEmpty();
    }

    @Test
    void everyMismatchOfARecordIsSaidAtOnce() {
        record WrongLine(long sku, double count, String colour) {}
        record WrongOrder(
                String orderId,
                @JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant placedAt,
                String amount,
                List<WrongLine> lines) {}

        assertThat(mismatches(WrongOrder.class, ORDER))
                .containsExactlyInAnyOrder(
                        "/placed_at: the class writes a number, and the schema has string",
                        "/amount: the schema declares no such property; it has [order_id, placed_at, amount_cents,"
                                + " discount, state, labels, lines]",
                        "/amount_cents: the schema requires it, and the class does not write it",
                        "/lines/*/sku: the class writes an integer, and the schema has string",
                        "/lines/*/count: the class writes a number, and the schema has integer",
                        "/lines/*/colour: the schema declares no such property and is closed; it has [sku, count]");
    }

    @Test
    void aReaderMayLeavePropertiesOut() {
        record Part(String orderId, double amountCents, String discount) {}

        assertThat(readMismatches(Part.class, ORDER)).isEmpty();
    }

    @Test
    void everyMismatchOfAReaderIsSaidAtOnce() {
        record WrongLine(long sku, String colour) {}
        record WrongOrder(long orderId, int discount, boolean labels, String amount, List<WrongLine> lines) {}

        assertThat(readMismatches(WrongOrder.class, ORDER))
                .containsExactlyInAnyOrder(
                        "/order_id: the class reads an integer, and the schema has string",
                        "/discount: the class reads an integer, and the schema has number",
                        "/labels: the class reads a boolean, and the schema has object",
                        "/amount: the schema declares no such property; it has [order_id, placed_at, amount_cents,"
                                + " discount, state, labels, lines]",
                        "/lines/*/sku: the class reads an integer, and the schema has string",
                        "/lines/*/colour: the schema declares no such property and is closed; it has [sku, count]");
    }

    @Test
    void whatTheSchemaLeavesOpenCanBeRead() {
        record Any(long id) {}

        assertThat(readMismatches(Any.class, "{\"type\": \"object\", \"properties\": {\"id\": {}}}"))
                .isEmpty();
    }

    @Test
    void aClassThatCannotBeMadeIsNoReader() {
        assertThat(readMismatches(NoConstructor.class, ORDER))
                .singleElement()
                .asString()
                .contains("Jackson cannot make objects of")
                .contains("NoConstructor");
    }

    /** Jackson does not know what to give it. */
    static final class NoConstructor {
        public String orderId;

        NoConstructor(String orderId, int ignored) {
            this.orderId = orderId;
        }
    }

    @SuppressWarnings("unused") // Jackson reads them
    static final class Pojo {
        public boolean orderId;

        @JsonProperty("amount_cents")
        private final String amount = "";

        @JsonIgnore
        public String secret = "";

        public State getState() {
            return State.OPEN;
        }

        public List<String> getLines() {
            return List.of();
        }
    }

    @Test
    void everyMismatchOfAPojoIsSaidAtOnce() {
        assertThat(mismatches(Pojo.class, ORDER))
                .containsExactlyInAnyOrder(
                        "/order_id: the class writes a boolean, and the schema has string",
                        "/amount_cents: the class writes a string, and the schema has integer",
                        "/lines/*: the class writes a string, and the schema has object",
                        "/placed_at: the schema requires it, and the class does not write it");
    }

    @Test
    void whatAClassWritesIsAskedOfItsSerializersNotOfItsTypes() {
        record Id(@JsonValue String text) {}
        @SuppressWarnings("ArrayRecordComponent")
        record Wrapped(Optional<Integer> whole, Id id, byte[] bytes, char[] letters, BigInteger big, Object any) {}

        assertThat(mismatches(Wrapped.class, """
                {"properties": {"whole": {"type": "integer"}, "id": {"type": "string"}, "bytes": {"type": "string"},
                 "letters": {"type": "string"}, "big": {"type": "integer"}, "any": {"type": "boolean"}}}""")).isEmpty();
    }

    static final class Open {
        @JsonAnyGetter
        public Map<String, Object> all() {
            return Map.of();
        }
    }

    @Test
    void aClassWhosePropertiesDependOnTheObjectIsNotJudged() {
        assertThat(mismatches(Open.class, ORDER)).isEmpty();
        assertThat(mismatches(Map.class, ORDER)).isEmpty();
    }

    @Test
    void anUndeclaredPropertyIsNoMismatchWhereTheSchemaSaysThatItTakesSuch() {
        record Named(String name, String nick) {}
        String declared = "\"properties\":{\"name\":{\"type\":\"string\"}}";

        assertThat(mismatches(Named.class, "{" + declared + "}")).hasSize(1);
        for (String open : List.of(
                "\"additionalProperties\":true",
                "\"additionalProperties\":{\"type\":\"string\"}",
                "\"patternProperties\":{\"^n\":{}}",
                "\"oneOf\":[{\"properties\":{\"nick\":{}}},{\"required\":[\"name\"]}]",
                "\"allOf\":[{\"$ref\":\"#/$defs/nick\"}],\"$defs\":{\"nick\":{\"properties\":{\"nick\":{}}}}",
                "\"$ref\":\"#/$defs/nick\",\"$defs\":{\"nick\":{\"properties\":{\"nick\":{}}}}",
                "\"if\":true,\"then\":{\"properties\":{\"nick\":{}}}")) {
            assertThat(mismatches(Named.class, "{" + declared + "," + open + "}"))
                    .as(open)
                    .isEmpty();
        }
        assertThat(mismatches(Named.class, "{}")).isEmpty();
    }

    @Test
    void whatStandsInAllOfAndBesideAReferenceCounts() {
        record Named(long name) {}

        assertThat(mismatches(Named.class, """
                {"$ref": "#/$defs/base", "allOf": [{"required": ["id"], "properties": {"id": {"type": "string"}}}],
                 "$defs": {"base": {"properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}}}"""))
                .containsExactlyInAnyOrder(
                        "/name: the class writes an integer, and the schema has string",
                        "/id: the schema requires it, and the class does not write it");
    }

    @Test
    void aSchemaInsideItselfIsComparedAsFarAsTheClassGoes() {
        record Leaf(boolean text) {}
        record Node(String text, List<Leaf> answers) {}

        assertThat(mismatches(Node.class, """
                {"properties": {"text": {"type": "string"}, "answers": {"type": "array", "items": {"$ref": "#"}}}}"""))
                .containsExactly("/answers/*/text: the class writes a boolean, and the schema has string");
    }

    private static List<String> mismatches(Class<?> type, String schema) {
        return parse(schema).mismatches(EventBinding.of(type));
    }

    private static List<String> readMismatches(Class<?> type, String schema) {
        return parse(schema).readMismatches(EventBinding.of(type));
    }

    private static EventSchema parse(String schema) {
        return EventSchema.parse(
                path -> {
                    throw new FileNotFoundException(path);
                },
                "event.json",
                schema);
    }
}
