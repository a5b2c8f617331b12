package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StrictJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":null,\"b\":1,\"a\":2}",
                "{\"x\":{\"a\":[],\"a\":{}}}",
                "[[{\"x\":[{\"a\":\"1\",\"a\":\"1\"}]}]]",
                "{\"\u00e9\":1,\"\u00e9\":1}",
                "{\"a\":1,\"\\u0061\":1}"
            })
    void aRepeatedKeyIsRefusedWhereverItStands(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(StrictJson.MalformedException.class)
                .hasMessageContaining("duplicate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}{",
                "[1]2",
                "[1,]",
                "{\"a\":1",
                "[01]",
                "{\u0000}",
                "[1\u0000]",
                "{\"a\":1e999999999999}"
            })
    void whatIsNotOneJsonTextIsRefused(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(StrictJson.MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":[{\"a\":1},{\"a\":1}],\"b\":{\"a\":1}}", "{\"a\":1.10}", "[12345678901234567890, 1e2]"})
    void plainTextIsReadAsAnyOther(String json) throws StrictJson.MalformedException {
        String beyondAscii = "[" + json + ",\"\u00e9\"]";
        assertThat(parse(json)).isEqualTo(parse(beyondAscii).get(0));
    }

    private static JsonNode parse(String json) throws StrictJson.MalformedException {
        return StrictJson.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
