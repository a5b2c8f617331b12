package dev.cdp.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random payloads of the two kinds: an event of 20 fields and 1 KB, an order of 5 KB with nested arrays. */
final class Payloads {

    private static final String[] TYPES = {"post_viewed", "post_liked", "post_shared"};
    private static final String[] PLATFORMS = {"ios", "android", "web"};
    private static final String[] CITIES = {"Berlin", "München", "São Paulo", "Lisbon", "Utrecht", "Oslo"};
    private static final String[] COUNTRIES = {"DE", "DE", "BR", "PT", "NL", "NO"};
    private static final String[] AGENTS = {
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 (privacy; extended support release)"
    };

    private final Random random;

    Payloads(long seed) {
        random = new Random(seed);
    }

    ObjectNode event() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("view_id", uuid());
        event.put("event_type", TYPES[random.nextInt(3)]);
        event.put("occurred_at", "2026-11-%02dT1%d:%02d:59.%03dZ".formatted(day(), digit(), day(), number(1000)));
        event.put("session_id", "%016x%016x".formatted(random.nextLong(), random.nextLong()));
        event.putObject("actor")
                .put("id", "account-" + number(100_000_000))
                .put("signed_in", random.nextBoolean())
                .put("email", "someone.else" + number(10_000) + "@mail.example.com");
        ObjectNode post = event.putObject("post").put("id", uuid()).put("author_id", "account-" + number(100_000_000));
        if (random.nextInt(4) == 0) {
            post.putNull("title");
        } else {
            post.put("title", "What we learned from measuring " + number(1000) + " timelines in a week");
        }
        event.put("dwell_ms", number(100_000));
        event.put("visible_share", number(100) / 100.0);
        ObjectNode context = event.putObject("context");
        context.putObject("page")
                .put(
                        "url",
                        "https://www.social.example/people/account-" + number(100_000_000) + "/posts/"
                                + number(1_000_000) + "?utm_source=newsletter&utm_medium=email&utm_campaign=autumn")
                .put(
                        "referrer",
                        "https://www.social.example/search?query=how+to+measure+timelines&sort=recent&page="
                                + number(100));
        int platform = random.nextInt(3);
        context.putObject("device")
                .put("platform", PLATFORMS[platform])
                .put("user_agent", AGENTS[platform])
                .put("screen_width", 320 + number(3000));
        int city = random.nextInt(CITIES.length);
        context.put("locale", "pt-" + COUNTRIES[city]);
        context.put("ip", "10.%d.%d.%d".formatted(number(256), number(256), number(256)));
        context.putObject("geo").put("country", COUNTRIES[city]).put("city", CITIES[city]);
        return event;
    }

    ObjectNode order() {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("order_id", uuid());
        order.put("placed_at", "2026-11-%02dT1%d:%02d:59Z".formatted(day(), digit(), day()));
        order.put("currency", "EUR");
        ObjectNode customer = order.putObject("customer");
        customer.put("id", "customer-" + number(1_000_000)).put("email", "someone" + number(1000) + "@example.com");
        customer.putObject("address")
                .put("street", "Street " + number(100))
                .put("zip", "10115")
                .put("city", "Berlin")
                .put("country", "DE");
        ArrayNode lines = order.putArray("lines");
        for (int i = 0; i < 25; i++) {
            ObjectNode line = lines.addObject();
            line.put("sku", "ABC-%04d".formatted(number(10_000)));
            line.put("name", "A thing that somebody has bought, number " + number(1000));
            line.put("quantity", 1 + number(9)).put("price", (1 + number(99_999)) / 100.0);
            line.putArray("discounts")
                    .addObject()
                    .put("code", "SUMMER" + digit())
                    .put("amount", 1.5);
            line.putObject("attributes").put("colour", "blue").put("size", "XL");
        }
        order.put("total", 1234.56).put("paid", true);
        return order;
    }

    /** Breaks an event in one of seven ways. */
    ObjectNode breakEvent(ObjectNode event, int way) {
        switch (way % 7) {
            case 0 -> event.remove("session_id");
            case 1 -> event.put("dwell_ms", "long");
            case 2 -> event.put("event_type", "post_burned");
            case 3 -> event.put("occurred_at", "yesterday at noon");
            case 4 -> ((ObjectNode) event.get("context")).put("locale", "english");
            case 5 -> event.put("visible_share", 1.5);
            default -> event.put("test", "connection_test");
        }
        return event;
    }

    /** Breaks an order in one of five ways, somewhere. */
    ObjectNode breakOrder(ObjectNode order, int way) {
        ObjectNode line = (ObjectNode) order.get("lines").get(number(25));
        switch (way % 5) {
            case 0 -> order.remove("total");
            case 1 -> line.put("quantity", 0);
            case 2 -> line.put("sku", "abc-1");
            case 3 -> line.remove("price");
            default -> order.put("placed_at", "yesterday at noon");
        }
        return order;
    }

    /** The same object with its keys in any order, at all depths. */
    JsonNode shuffled(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        List<String> keys = new ArrayList<>(node.propertyNames());
        Collections.shuffle(keys, random);
        ObjectNode shuffled = JsonNodeFactory.instance.objectNode();
        keys.forEach(key -> shuffled.set(key, shuffled(node.get(key))));
        return shuffled;
    }

    static byte[] utf8(JsonNode node) {
        return JsonMapper.shared().writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private int number(int bound) {
        return random.nextInt(bound);
    }

    private int digit() {
        return random.nextInt(10);
    }

    private int day() {
        return 1 + random.nextInt(28);
    }
}
