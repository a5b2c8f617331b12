package dev.cdp.core.validation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What networknt says, after UTF-8 and JSON were read strictly. */
final class Oracle {

    static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Schema schema;

    Oracle(JsonNode root, Dialect dialect, Map<String, String> documents) {
        SpecificationVersion version =
                dialect == Dialect.DRAFT_7 ? SpecificationVersion.DRAFT_7 : SpecificationVersion.DRAFT_2020_12;
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                version,
                builder -> builder.schemas(documents)
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
        schema = registry.getSchema(
                SchemaLocation.of("https://test.example/root.json"), root.toString(), InputFormat.JSON);
    }

    boolean accepts(byte[] json) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            JsonNode instance = STRICT.readTree(text);
            return !text.startsWith("\uFEFF")
                    && !instance.isMissingNode()
                    && schema.validate(instance).isEmpty();
        } catch (CharacterCodingException | JacksonException e) {
            return false;
        }
    }
}
