package dev.cdp.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The events that rotate, in each form that a peer takes; they happened just now, as a table takes no others. */
final class PublishEvents {

    /** More than a batch holds, so that they compress as different events do. */
    static final int COUNT = 8_192;

    private static final long SEED = 20_261_122;

    private final List<ObjectNode> trees;

    PublishEvents() {
        Payloads payloads = new Payloads(SEED);
        Instant now = Instant.now();
        trees = Stream.generate(payloads::event)
                .limit(COUNT)
                .map(event -> event.put("occurred_at", now.toString()))
                .toList();
    }

    byte[][] payloads() {
        return trees.stream().map(Payloads::utf8).toArray(byte[][]::new);
    }

    byte[][] keys() {
        return trees.stream()
                .map(event -> event.get("view_id").asString().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    PageView[] views() {
        JsonMapper mapper = JsonMapper.builder().build();
        return trees.stream()
                .map(event -> mapper.treeToValue(event, PageView.class))
                .toArray(PageView[]::new);
    }
}
