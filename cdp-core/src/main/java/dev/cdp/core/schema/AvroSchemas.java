package dev.cdp.core.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.cdp.core.schema.InvalidSchemaException.Finding;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says an Avro record as a JSON Schema: that of the JSON which its values are read as. Named types become {@code $defs}.
 * Of one thread.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/">Avro 1.12</a>
 */
final class AvroSchemas {

    private static final int MAX_CHARACTERS = 1 << 20;
    private static final List<String> PASSED_ON = List.of("x-pii", ColumnDerivation.OVERRIDE);
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Schema root;
    private final ObjectNode definitions = MAPPER.createObjectNode();
    private final Set<String> named = new HashSet<>();

    private AvroSchemas(Schema root) {
        this.root = root;
    }

    /**
     * The JSON Schema of the Avro schema in a file.
     *
     * @throws InvalidSchemaException if it is none, or no record
     */
    static String jsonSchema(String path, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw refused(
                    path, "schema-size", "expected at most " + MAX_CHARACTERS + " characters, found " + text.length());
        }
        try {
            Schema root = new Schema.Parser().parse(text);
            if (root.getType() != Schema.Type.RECORD) {
                throw refused(
                        path,
                        "schema-shape",
                        "an event in Avro is a record, found " + root.getType().getName());
            }
            return new AvroSchemas(root).document().toString();
        } catch (AvroRuntimeException e) {
            String why = SchemaDocuments.shown(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
            throw refused(path, "schema-avro", "not an Avro schema: " + why);
        } catch (StackOverflowError e) {
            throw refused(path, "schema-size", "an Avro schema nested too deeply to be read");
        }
    }

    private static InvalidSchemaException refused(String path, String rule, String message) {
        return new InvalidSchemaException(path, List.of(new Finding(rule, path, "", 0, 0, message)));
    }

    private ObjectNode document() {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("$schema", Dialect.DRAFT_2020_12.id());
        schema.put("title", root.getFullName());
        named.add(root.getFullName());
        record(root, schema);
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    private void record(Schema type, ObjectNode schema) {
        describe(type.getDoc(), schema);
        schema.put("type", "object");
        ArrayNode required = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        for (Schema.Field field : type.getFields()) {
            List<Schema> branches = field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema());
            List<Schema> values = branches.stream()
                    .filter(each -> each.getType() != Schema.Type.NULL)
                    .toList();
            if (values.size() == branches.size()) {
                required.add(field.name());
            }
            ObjectNode property = choice(values);
            describe(field.doc(), property);
            passOn(field, property);
            properties.set(field.name(), property);
        }
    }

    private static void describe(@Nullable String doc, ObjectNode schema) {
        if (doc != null) {
            schema.put("description", doc);
        }
    }

    private static void passOn(JsonProperties from, ObjectNode schema) {
        for (String keyword : PASSED_ON) {
            Object value = from.getObjectProp(keyword);
            if (value != null) {
                schema.set(keyword, MAPPER.valueToTree(value));
            }
        }
    }

    /** A field that is null is left out of the JSON, and so is null out of its type. */
    private ObjectNode choice(List<Schema> values) {
        if (values.size() == 1) {
            return value(values.get(0));
        }
        ObjectNode schema = MAPPER.createObjectNode();
        ArrayNode choice = schema.putArray("anyOf");
        values.forEach(each -> choice.add(value(each)));
        if (values.isEmpty()) {
            choice.add(type("null"));
        }
        return schema;
    }

    private ObjectNode value(Schema type) {
        ObjectNode schema = bare(type);
        passOn(type, schema);
        return schema;
    }

    private ObjectNode bare(Schema type) {
        return switch (type.getType()) {
            case NULL -> type("null");
            case BOOLEAN -> type("boolean");
            case INT -> whole(type, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> whole(type, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT, DOUBLE -> type("number");
            case STRING -> text("uuid".equals(logical(type)) ? "uuid" : "");
            case BYTES, FIXED -> bytes(type);
            case ENUM, RECORD -> reference(type);
            case UNION -> choice(type.getTypes());
            case ARRAY -> type("array").set("items", value(type.getElementType()));
            case MAP -> type("object").set("additionalProperties", value(type.getValueType()));
        };
    }

    private static ObjectNode type(String name) {
        return MAPPER.createObjectNode().put("type", name);
    }

    private static ObjectNode text(String format) {
        ObjectNode schema = type("string");
        return format.isEmpty() ? schema : schema.put("format", format);
    }

    private static String logical(Schema type) {
        LogicalType logical = type.getLogicalType();
        return logical == null ? "" : logical.getName();
    }

    private static ObjectNode whole(Schema type, long minimum, long maximum) {
        return switch (logical(type)) {
            case "date" -> text("date");
            case "timestamp-millis" -> text("date-time");
            case "timestamp-micros" -> text("date-time").put(ColumnDerivation.OVERRIDE, "DateTime64(6)");
            case "timestamp-nanos" -> text("date-time").put(ColumnDerivation.OVERRIDE, "DateTime64(9)");
            case "time-millis",
                    "time-micros",
                    "local-timestamp-millis",
                    "local-timestamp-micros",
                    "local-timestamp-nanos" -> text("");
            default -> type("integer").put("minimum", minimum).put("maximum", maximum);
        };
    }

    private static ObjectNode bytes(Schema type) {
        return type.getLogicalType() instanceof LogicalTypes.Decimal
                ? type("number")
                : text("").put("contentEncoding", "base64");
    }

    private ObjectNode reference(Schema type) {
        ObjectNode reference = MAPPER.createObjectNode();
        String name = type.getFullName();
        if (name.equals(root.getFullName())) {
            return reference.put("$ref", "#");
        }
        if (named.add(name)) {
            ObjectNode definition = definitions.putObject(name);
            if (type.getType() == Schema.Type.RECORD) {
                record(type, definition);
            } else {
                describe(type.getDoc(), definition);
                ArrayNode symbols = definition.put("type", "string").putArray("enum");
                type.getEnumSymbols().forEach(symbols::add);
            }
        }
        return reference.put("$ref", "#/$defs/" + name);
    }
}
