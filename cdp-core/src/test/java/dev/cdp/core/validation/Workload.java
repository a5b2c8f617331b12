package dev.cdp.core.validation;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import dev.cdp.core.schema.Dialect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The events that the fast tier is made for: a page event of 20 fields and 1 KB, an order of 5 KB with arrays. */
final class Workload {

    static final String EVENT_SCHEMA = """
            {"type":"object","required":["event_id","occurred_at","user","session_id","page","context"],
             "additionalProperties":false,"properties":{
              "event_id":{"type":"string","format":"uuid"},
              "occurred_at":{"type":"string","format":"date-time"},
              "event_type":{"type":"string","enum":["post_viewed","post_liked","post_shared"]},
              "user":{"type":"object","required":["id"],"properties":{
                "id":{"type":"string","minLength":1,"maxLength":64},
                "anonymous":{"type":"boolean"},
                "age":{"type":"integer","minimum":0,"maximum":150},
                "email":{"type":"string","format":"email"}}},
              "session_id":{"type":"string","pattern":"^[a-f0-9]{16}$"},
              "page":{"type":"object","required":["url"],"properties":{
                "url":{"type":"string","format":"uri","maxLength":2048},
                "title":{"type":"string","maxLength":256},
                "referrer":{"type":["string","null"]},
                "scroll_depth":{"type":"number","minimum":0,"maximum":1}}},
              "dwell_ms":{"type":"integer","minimum":0},
              "context":{"type":"object","properties":{
                "ip":{"type":"string","format":"ipv4"},
                "user_agent":{"type":"string"},
                "locale":{"type":"string","pattern":"^[a-z]{2}-[A-Z]{2}$"},
                "device":{"type":"object","properties":{
                  "platform":{"enum":["ios","android","web"]},
                  "model":{"type":"string"},
                  "screen_width":{"type":"integer","minimum":1},
                  "screen_height":{"type":"integer","minimum":1}}},
                "geo":{"type":"object","properties":{
                  "country":{"type":"string","minLength":2,"maxLength":2},
                  "city":{"type":"string"},
                  "lat":{"type":"number","minimum":-90,"maximum":90},
                  "lon":{"type":"number","minimum":-180,"maximum":180}}}}},
              "tags":{"type":"array","items":{"type":"string","maxLength":32},"maxItems":16}}}
            """;

    static final String ORDER_SCHEMA = """
            {"type":"object","required":["order_id","placed_at","customer","lines","total"],"properties":{
              "order_id":{"type":"string","format":"uuid"},
              "placed_at":{"type":"string","format":"date-time"},
              "currency":{"type":"string","pattern":"^[A-Z]{3}$"},
              "customer":{"type":"object","required":["id"],"properties":{
                "id":{"type":"string"},"email":{"type":"string","format":"email"},
                "address":{"$ref":"#/$defs/address"}}},
              "lines":{"type":"array","minItems":1,"items":{"type":"object","required":["sku","quantity","price"],
                "properties":{
                  "sku":{"type":"string","pattern":"^[A-Z]{3}-\\\\d{4}$"},
                  "name":{"type":"string","maxLength":200},
                  "quantity":{"type":"integer","minimum":1,"maximum":999},
                  "price":{"type":"number","minimum":0},
                  "discounts":{"type":"array","items":{"type":"object","required":["code","amount"],"properties":{
                    "code":{"type":"string"},"amount":{"type":"number","minimum":0}}}},
                  "attributes":{"type":"object","additionalProperties":{"type":"string"}}}}},
              "total":{"type":"number","minimum":0},
              "paid":{"type":"boolean"}},
             "$defs":{"address":{"type":"object","properties":{
               "street":{"type":"string"},"zip":{"type":"string","maxLength":10},
               "city":{"type":"string"},"country":{"type":"string","minLength":2,"maxLength":2}}}}}
            """;

    private final Random random;

    Workload(long seed) {
        random = new Random(seed);
    }

    static FastSchema compile(String schema) {
        JsonNode root = JsonMapper.shared().readTree(schema);
        return FastSchema.compile(root, URI.create("cdp:/schema.json"), Map.of(), Dialect.DRAFT_2020_12);
    }

    /** A schema or text with its field names spelled another way, so that nothing is shared but the shape. */
    static String variant(String text, int number) {
        return number == 0
                ? text
                : text.replaceAll("\"([a-z]+)_(id|at|type|ms|depth|width|height)\"", "\"$1_$2" + number + "\"");
    }

    byte[] event() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("event_id", new UUID(random.nextLong(), random.nextLong()).toString());
        event.put(
                "occurred_at", "2026-11-%02dT1%d:%02d:59.%03dZ".formatted(day(), digit(), day(), random.nextInt(1000)));
        event.put("event_type", "post_viewed");
        ObjectNode user = event.putObject("user");
        user.put("id", "user-" + random.nextInt(1_000_000)).put("anonymous", random.nextBoolean());
        user.put("age", random.nextInt(90)).put("email", "someone" + random.nextInt(1000) + "@example.com");
        event.put("session_id", "%016x".formatted(random.nextLong()));
        ObjectNode page = event.putObject("page");
        page.put(
                "url",
                "https://www.social.example/posts/" + random.nextInt(1_000_000)
                        + "?utm_source=newsletter&utm_medium=email");
        page.put("title", "A title of a post that somebody has read " + random.nextInt(1000));
        page.putNull("referrer");
        page.put("scroll_depth", random.nextInt(100) / 100.0);
        event.put("dwell_ms", random.nextInt(100_000));
        ObjectNode context = event.putObject("context");
        context.put("ip", "10.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256)));
        context.put(
                "user_agent",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148");
        context.put("locale", "de-DE");
        ObjectNode device = context.putObject("device");
        device.put("platform", "ios")
                .put("model", "iPhone15," + digit())
                .put("screen_width", 1179)
                .put("screen_height", 2556);
        ObjectNode geo = context.putObject("geo");
        geo.put("country", "DE").put("city", "Berlin").put("lat", 52.5 + random.nextInt(1000) / 10000.0);
        geo.put("lon", 13.4 + random.nextInt(1000) / 10000.0);
        ArrayNode tags = event.putArray("tags");
        for (int i = 0; i < 5; i++) {
            tags.add("tag-" + random.nextInt(1000));
        }
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] order() {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("order_id", new UUID(random.nextLong(), random.nextLong()).toString());
        order.put("placed_at", "2026-11-%02dT1%d:%02d:59Z".formatted(day(), digit(), day()))
                .put("currency", "EUR");
        ObjectNode customer = order.putObject("customer");
        customer.put("id", "customer-" + random.nextInt(1_000_000)).put("email", "someone@example.com");
        customer.putObject("address")
                .put("street", "Street " + random.nextInt(100))
                .put("zip", "10115")
                .put("city", "Berlin")
                .put("country", "DE");
        ArrayNode lines = order.putArray("lines");
        for (int i = 0; i < 20; i++) {
            ObjectNode line = lines.addObject();
            line.put("sku", "ABC-%04d".formatted(random.nextInt(10000)));
            line.put("name", "A thing that somebody has bought, number " + random.nextInt(1000));
            line.put("quantity", 1 + random.nextInt(9)).put("price", (1 + random.nextInt(99999)) / 100.0);
            line.putArray("discounts")
                    .addObject()
                    .put("code", "SUMMER" + digit())
                    .put("amount", 1.5);
            line.putObject("attributes").put("colour", "blue").put("size", "XL");
        }
        order.put("total", 1234.56).put("paid", true);
        return order.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same object with its keys in any order, at all depths. */
    byte[] shuffled(byte[] json) {
        return shuffle(JsonMapper.shared().readTree(json)).toString().getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode shuffle(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        List<String> keys = new java.util.ArrayList<>(node.propertyNames());
        Collections.shuffle(keys, random);
        ObjectNode shuffled = JsonNodeFactory.instance.objectNode();
        keys.forEach(key -> shuffled.set(key, shuffle(node.get(key))));
        return shuffled;
    }

    private int digit() {
        return random.nextInt(10);
    }

    private int day() {
        return 1 + random.nextInt(28);
    }
}
