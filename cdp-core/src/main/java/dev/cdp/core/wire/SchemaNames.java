package dev.cdp.core.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.SchemaKey;
import dev.cdp.core.registry.SchemaType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which event of the catalog a registered schema stands for: the one that has that very schema, else the one whose name
 * is the schema's title or record name, else the one that a subject names. Thread-safe.
 */
final class SchemaNames {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final String VALUE = "-value";

    private final Catalog catalog;
    private final Map<JsonNode, List<Named>> bySchema = new HashMap<>();

    SchemaNames(Catalog catalog) {
        this.catalog = catalog;
        for (EventDefinition event : catalog.events()) {
            event.versions()
                    .forEach((version, schema) -> bySchema.computeIfAbsent(
                                    tree(schema.text()), text -> new ArrayList<>())
                            .add(new Named(event.name(), version)));
        }
    }

    /**
     * An event, with its version where the catalog has that very schema.
     *
     * @param versionOrNull null where only the name fits
     */
    record Named(String event, @Nullable Integer versionOrNull) {}

    /** What the schema stands for on a topic, all possibilities: the best fit first. */
    List<Named> of(RegisteredSchema schema, String topic) {
        JsonNode tree = tree(schema.text());
        List<Named> found = new ArrayList<>();
        for (String name : names(schema, tree, topic)) {
            event(name).ifPresent(event -> found.add(new Named(event, null)));
        }
        List<Named> same = schema.type() == SchemaType.JSON ? bySchema.getOrDefault(tree, List.of()) : List.of();
        if (same.size() == 1) {
            found.add(0, same.get(0));
        } else {
            found.addAll(same);
        }
        return found;
    }

    /** The names that a schema goes by, in the order in which they count. */
    private static List<String> names(RegisteredSchema schema, JsonNode tree, String topic) {
        List<String> names = new ArrayList<>();
        names.add(tree.path(schema.type() == SchemaType.AVRO ? "name" : "title").asString(""));
        for (SchemaKey.Version version : schema.subjects()) {
            String subject = version.subject();
            // topic-value says nothing of the event; topic-Record and Record do.
            if (!subject.equals(topic + VALUE)) {
                String bare =
                        subject.endsWith(VALUE) ? subject.substring(0, subject.length() - VALUE.length()) : subject;
                names.add(bare.startsWith(topic + "-") ? bare.substring(topic.length() + 1) : bare);
            }
        }
        return names;
    }

    /** {@code post_viewed} by that name, by {@code PostViewed}, or by {@code com.example.PostViewed}. */
    private Optional<String> event(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        for (String spelling : new String[] {name, last, snakeCase(last)}) {
            if (catalog.event(spelling).isPresent()) {
                return Optional.of(spelling);
            }
        }
        return Optional.empty();
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
                .replaceAll("[-\\s]+", "_")
                .toLowerCase(Locale.ROOT);
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            return MAPPER.missingNode();
        }
    }
}
