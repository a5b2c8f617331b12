package dev.cdp.cli.events;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

import dev.cdp.core.schema.EventSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes payloads from a JSON Schema. What a person is and has stays the same from one event to the next; ids come from
 * pools of which few are used often; sizes and counts are mostly small.
 */
final class PayloadMaker {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> OF_A_PERSON = Set.of("actor", "user", "geo", "device", "app");
    private static final Set<String> LATER =
            Set.of("expires", "scheduled", "starts", "ends", "due", "returns", "until");
    private static final int POOL = 20_000;
    private static final int MAX_DEPTH = 24;
    private static final double MOST = 1e15;

    private final EventSchema schema;
    private final long seed;
    private final Map<URI, JsonNode> documents = new HashMap<>();

    PayloadMaker(EventSchema schema, long seed) {
        this.schema = schema;
        this.seed = seed;
        schema.documents().forEach((uri, text) -> documents.put(uri, JSON.readTree(text)));
    }

    /** A payload of that person; {@code times} tells the instant of a date-time field by its JSON Pointer. */
    byte[] make(Persona persona, Chance chance, BiFunction<String, String, Instant> times) {
        return new Making(persona, chance, times).bytes();
    }

    /** When a field other than the event's own time lies: before it, or after it where its name says so. */
    static Instant near(Instant time, String name, Chance chance) {
        boolean later = LATER.stream().anyMatch(name::contains);
        Duration off = Duration.ofMillis((long) Math.exp(chance.fraction() * Math.log(later ? 6e8 : 7e6)));
        return (later ? time.plus(off) : time.minus(off)).truncatedTo(ChronoUnit.MILLIS);
    }

    /** One payload. */
    private final class Making {

        private final Persona persona;
        private final Chance event;
        private final BiFunction<String, String, Instant> times;

        Making(Persona persona, Chance chance, BiFunction<String, String, Instant> times) {
            this.persona = persona;
            this.event = chance;
            this.times = times;
        }

        byte[] bytes() {
            JsonNode root = documents.get(schema.location());
            return node(new Place(root, schema.location(), "", "", event, 0))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        }

        private JsonNode node(Place declared) {
            Place place = resolved(declared);
            JsonNode rules = place.rules();
            if (rules.has("const")) {
                return rules.path("const");
            }
            if (rules.path("enum").size() > 0) {
                return rules.path("enum")
                        .get(place.chance().zipf(rules.path("enum").size()));
            }
            return switch (type(rules)) {
                case "object" -> object(place);
                case "array" -> array(place);
                case "integer" -> NODES.numberNode(number(place, BigDecimal.ONE).toBigInteger());
                case "number" -> NODES.numberNode(number(place, null));
                case "boolean" ->
                    NODES.booleanNode(place.chance()
                            .happens(Chance.of(seed, place.pointer(), "share").fraction() * 0.6));
                case "null" -> NODES.nullNode();
                default -> NODES.stringNode(text(place));
            };
        }

        /** Follows references, and takes the first of choices and all of {@code allOf}. */
        private Place resolved(Place declared) {
            Place place = declared;
            for (int i = 0; i < MAX_DEPTH; i++) {
                JsonNode rules = place.rules();
                String ref = rules.path("$ref").asString("");
                JsonNode choice = rules.path("oneOf").size() > 0 ? rules.path("oneOf") : rules.path("anyOf");
                if (!ref.isEmpty()) {
                    URI target = place.base().resolve(ref);
                    URI document = URI.create(target.toString().replaceFirst("#.*", ""));
                    String fragment = target.getFragment() == null ? "" : target.getFragment();
                    JsonNode found =
                            documents.getOrDefault(document, NODES.objectNode()).at(fragment);
                    place = place.with(merged(found, rules, "$ref"), document);
                } else if (choice.size() > 0) {
                    String keyword = rules.path("oneOf").size() > 0 ? "oneOf" : "anyOf";
                    place = place.with(
                            merged(choice.get(place.chance().zipf(choice.size())), rules, keyword), place.base());
                } else if (rules.path("allOf").size() > 0) {
                    JsonNode all = merged(NODES.objectNode(), rules, "allOf");
                    for (JsonNode part : rules.path("allOf")) {
                        Place one = resolved(place.with(part, place.base()));
                        all = merged(one.rules(), all, "");
                    }
                    return place.with(all, place.base());
                } else {
                    return place;
                }
            }
            return place;
        }

        private JsonNode object(Place place) {
            ObjectNode object = NODES.objectNode();
            Set<String> required = new HashSet<>();
            place.rules().path("required").forEach(name -> required.add(name.asString()));
            for (var property : place.rules().path("properties").properties()) {
                Place field = place.field(property.getKey(), property.getValue(), chance(place, property.getKey()));
                double share =
                        0.25 + 0.7 * Chance.of(seed, field.pointer(), "there").fraction();
                boolean there = required.remove(property.getKey())
                        || (place.depth() < MAX_DEPTH && field.chance().happens(share));
                if (there) {
                    object.set(property.getKey(), node(field));
                }
            }
            required.forEach(name -> object.put(name, "x"));
            return object;
        }

        /** What belongs to a person comes from the person alone. */
        private Chance chance(Place place, String name) {
            return OF_A_PERSON.contains(name)
                    ? Chance.of(seed, persona.number(), place.pointer(), name)
                    : place.chance();
        }

        private JsonNode array(Place place) {
            JsonNode rules = place.rules();
            int least = rules.path("minItems").asInt(0);
            int most = Math.min(rules.path("maxItems").asInt(least + 5), least + 8);
            int size = least + place.chance().zipf(most - least + 1);
            ArrayNode array = NODES.arrayNode();
            Set<JsonNode> seen = new HashSet<>();
            for (int tries = 0; array.size() < size && tries < size * 10; tries++) {
                JsonNode item = node(place.field("0", rules.path("items"), place.chance()));
                if (seen.add(item) || !rules.path("uniqueItems").asBoolean(false)) {
                    array.add(item);
                }
            }
            return array;
        }

        private BigDecimal number(Place place, @Nullable BigDecimal step) {
            JsonNode rules = place.rules();
            double least = bound(rules, "minimum", "exclusiveMinimum", 0);
            double most = bound(rules, "maximum", "exclusiveMaximum", Math.max(1_000, least + 1_000));
            double range = Math.min(most - least, MOST);
            Chance chance = place.chance();
            boolean fraction = range <= 1 && step == null;
            double above = fraction
                    ? range * chance.fraction()
                    : Math.exp(chance.fraction() * chance.fraction() * Math.log(range + 1)) - 1;
            BigDecimal value = BigDecimal.valueOf(least + Math.min(above, range));
            BigDecimal multiple = rules.path("multipleOf").isNumber()
                    ? rules.path("multipleOf").decimalValue()
                    : step == null ? new BigDecimal("0.000001") : step;
            BigDecimal down = value.divide(multiple, 0, RoundingMode.FLOOR).multiply(multiple);
            boolean low = down.compareTo(BigDecimal.valueOf(least)) < 0
                    || (rules.path("exclusiveMinimum").isNumber() && down.doubleValue() <= least);
            return low ? down.add(multiple) : down;
        }

        private double bound(JsonNode rules, String inclusive, String exclusive, double otherwise) {
            return rules.path(inclusive).isNumber()
                    ? rules.path(inclusive).asDouble()
                    : rules.path(exclusive).isNumber() ? rules.path(exclusive).asDouble() : otherwise;
        }

        private String text(Place place) {
            JsonNode rules = place.rules();
            String name = place.name();
            Chance chance = place.chance();
            switch (rules.path("format").asString("")) {
                case "date-time" -> {
                    return times.apply(place.pointer(), name).toString();
                }
                case "date" -> {
                    Instant time = near(times.apply("", ""), name.isEmpty() ? "due" : name, chance);
                    return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
                }
                case "uuid" -> {
                    return new UUID(chance.bits() & ~0xF000L | 0x4000L, chance.bits() >>> 2 | Long.MIN_VALUE)
                            .toString();
                }
                case "ipv4" -> {
                    return "203.0.113." + (1 + chance.below(254));
                }
                case "ipv6" -> {
                    return "2001:db8::" + Integer.toHexString(1 + chance.below(65_535));
                }
                case "email" -> {
                    return "someone." + Long.toString(chance.bits() >>> 20, 36) + "@example.org";
                }
                case "hostname" -> {
                    return "site" + chance.zipf(POOL) + ".example";
                }
                case "uri", "uri-reference" -> {
                    return "https://example.org/" + chance.zipf(POOL);
                }
                default -> {}
            }
            String pattern = rules.path("pattern").asString("");
            String said = persona.says(name);
            if (said != null
                    && (pattern.isEmpty()
                            || java.util.regex.Pattern.compile(pattern)
                                    .matcher(said)
                                    .find())) {
                return said;
            }
            Chance pooled = Chance.of(seed, pattern + name, chance.zipf(POOL));
            if (!pattern.isEmpty()) {
                return PatternText.of(pattern, pooled);
            }
            return fitted(plain(place, pooled), rules, pooled);
        }

        /** Ids without a pattern are people's, or of the kind that the field's name says. */
        private String plain(Place place, Chance pooled) {
            String name = place.name();
            if (place.pointer().endsWith("/actor/id") || place.pointer().endsWith("/user/id")) {
                return persona.id();
            }
            if (name.equals("id") || name.endsWith("_id")) {
                return Persona.of(pooled.zipf(POOL)).id();
            }
            return (name.isEmpty() ? "text" : name) + "-" + Integer.toString(pooled.below(1 << 20), 36);
        }

        private String fitted(String text, JsonNode rules, Chance pooled) {
            int least = rules.path("minLength").asInt(0);
            int most = rules.path("maxLength").asInt(Integer.MAX_VALUE);
            StringBuilder fitted = new StringBuilder(text);
            while (fitted.length() < least) {
                fitted.append((char) ('a' + pooled.below(26)));
            }
            return fitted.length() > most ? fitted.substring(fitted.length() - most) : fitted.toString();
        }
    }

    private static String type(JsonNode rules) {
        JsonNode type = rules.path("type");
        if (type.isArray()) {
            List<String> types = new ArrayList<>();
            type.forEach(one -> types.add(one.asString()));
            types.remove("null");
            return types.isEmpty() ? "null" : types.get(0);
        }
        return type.asString(rules.has("properties") ? "object" : "string");
    }

    /** The rules of the one, and those that stand beside it. */
    private static JsonNode merged(JsonNode one, JsonNode beside, String without) {
        ObjectNode merged = NODES.objectNode();
        for (JsonNode part : List.of(beside, one)) {
            for (var rule : part.properties()) {
                JsonNode there = merged.path(rule.getKey());
                boolean both = rule.getKey().equals("properties") && there.isObject();
                if (both) {
                    ((ObjectNode) there).setAll((ObjectNode) rule.getValue().deepCopy());
                } else if (rule.getKey().equals("required") && there.isArray()) {
                    ((ArrayNode) there).addAll((ArrayNode) rule.getValue().deepCopy());
                } else if (part != beside || !rule.getKey().equals(without)) {
                    merged.set(rule.getKey(), rule.getValue().deepCopy());
                }
            }
        }
        return merged;
    }

    /** A schema, the document that it stands in, and where in the payload its value goes. */
    private record Place(JsonNode rules, URI base, String pointer, String name, Chance chance, int depth) {

        Place with(JsonNode other, URI document) {
            return new Place(other, document, pointer, name, chance, depth + 1);
        }

        Place field(String key, JsonNode declared, Chance by) {
            return new Place(declared, base, pointer + "/" + key, key, by, depth + 1);
        }
    }
}
