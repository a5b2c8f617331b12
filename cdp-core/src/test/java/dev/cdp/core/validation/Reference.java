package dev.cdp.core.validation;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.core.schema.Dialect;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the slow tier says of a schema that stands in no catalog, without a recogniser of the fast tier's. */
final class Reference {

    static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final URI ROOT = URI.create("https://test.example/root.json");

    private final Oracle oracle;

    Reference(JsonNode root, Dialect dialect, Map<String, String> documents) {
        Map<URI, String> all = new HashMap<>();
        documents.forEach((uri, text) -> all.put(URI.create(uri), text));
        all.put(ROOT, root.toString());
        oracle = Oracle.of(ROOT, dialect, all, List.of(new EmailFormat()));
    }

    boolean accepts(byte[] json) {
        try {
            return oracle.validate(StrictJson.parse(json)).isEmpty();
        } catch (StrictJson.MalformedException e) {
            return false;
        }
    }
}
