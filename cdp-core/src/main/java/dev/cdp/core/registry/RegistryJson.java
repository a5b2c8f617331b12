package dev.cdp.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of Confluent's REST API.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
final class RegistryJson {

    private static final int MAX_MESSAGE = 300;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private RegistryJson() {}

    /**
     * What an error's body says.
     *
     * @param code Confluent's error code, 0 for none
     * @param message its message, shortened and printable
     */
    record ErrorBody(int code, String message) {
        static final ErrorBody NONE = new ErrorBody(0, "");
    }

    /** A schema as an answer has it: references are not resolved. */
    record Described(
            @Nullable Integer id,
            @Nullable UUID guid,
            @Nullable String subject,
            int version,
            SchemaType type,
            String text,
            List<SchemaReference> references) {}

    static ErrorBody error(String body) {
        try {
            JsonNode root = MAPPER.readTree(body);
            int code = root.path("error_code").asInt(0);
            String message = root.path("message").asString("").replaceAll("[^\\x20-\\x7e]", "?");
            return new ErrorBody(
                    code, message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…");
        } catch (JacksonException e) {
            return ErrorBody.NONE;
        }
    }

    static Described described(String body) throws BrokenAnswerException {
        JsonNode root = tree(body);
        JsonNode text = root.path("schema");
        if (!text.isString()) {
            throw BrokenAnswerException.lasting("an answer without a schema");
        }
        try {
            return new Described(
                    root.path("id").isInt() ? (Integer) root.path("id").intValue() : null,
                    guid(root.path("guid").asString("")),
                    root.path("subject").isString() ? root.path("subject").asString() : null,
                    root.path("version").asInt(0),
                    SchemaType.of(root.path("schemaType").asString("")),
                    text.asString(),
                    references(root.path("references")));
        } catch (IllegalArgumentException e) {
            throw BrokenAnswerException.lasting("a schema with a broken reference: " + e.getMessage());
        }
    }

    private static List<SchemaReference> references(JsonNode array) {
        List<SchemaReference> references = new ArrayList<>();
        for (JsonNode reference : array) {
            references.add(new SchemaReference(
                    reference.path("name").asString(""),
                    reference.path("subject").asString(""),
                    reference.path("version").asInt(0)));
        }
        return references;
    }

    private static @Nullable UUID guid(String text) {
        try {
            return text.isEmpty() ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The list that {@code /schemas/ids/{id}/versions} answers; entries that name no version are left out. */
    static List<SchemaKey.Version> versions(String body) throws BrokenAnswerException {
        List<SchemaKey.Version> versions = new ArrayList<>();
        for (JsonNode entry : array(body)) {
            int version = entry.path("version").asInt(0);
            String subject = entry.path("subject").asString("");
            try {
                versions.add(new SchemaKey.Version(subject, version));
            } catch (IllegalArgumentException e) {
                throw BrokenAnswerException.lasting("a list of versions with a broken one: " + e.getMessage());
            }
        }
        return versions;
    }

    /** The ids in the list that {@code /schemas/guids/{guid}/ids} answers. */
    static List<Integer> ids(String body) throws BrokenAnswerException {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode entry : array(body)) {
            if (entry.path("id").isInt()) {
                ids.add(entry.path("id").intValue());
            }
        }
        return ids;
    }

    static JsonNode array(String body) throws BrokenAnswerException {
        JsonNode root = tree(body);
        if (!root.isArray()) {
            throw BrokenAnswerException.lasting("an answer that is no list");
        }
        return root;
    }

    static CompatibilityAnswer compatibility(String body) throws BrokenAnswerException {
        JsonNode root = tree(body);
        if (!root.path("is_compatible").isBoolean()) {
            throw BrokenAnswerException.lasting("an answer without is_compatible");
        }
        List<String> reasons = new ArrayList<>();
        for (JsonNode message : root.path("messages")) {
            reasons.add(message.asString(""));
        }
        boolean compatible = root.path("is_compatible").asBoolean();
        return new CompatibilityAnswer(compatible, compatible ? List.of() : reasons);
    }

    /** The body of a registration, a look-up or a compatibility check. */
    static String draft(SchemaDraft draft) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("schemaType", draft.type().name());
        root.put("schema", draft.text());
        if (!draft.references().isEmpty()) {
            root.set("references", references(draft.references()));
        }
        return root.toString();
    }

    static ArrayNode references(List<SchemaReference> references) {
        ArrayNode array = MAPPER.createArrayNode();
        for (SchemaReference reference : references) {
            array.addObject()
                    .put("name", reference.name())
                    .put("subject", reference.subject())
                    .put("version", reference.version());
        }
        return array;
    }

    static JsonNode tree(String body) throws BrokenAnswerException {
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw BrokenAnswerException.lasting("an answer that is no JSON");
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
