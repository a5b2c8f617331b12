package dev.cdp.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import tools.jackson.databind.JsonNode;

/** Schemas, payloads that rotate among them, and whether those are valid. */
public enum Workload {
    EVENT("event", 1, true),
    EVENT_ANY_ORDER("event, keys in any order", 1, true),
    EVENT_8_SCHEMAS("event, 8 schemas in rotation", 8, true),
    ORDER("order", 1, true),
    EVENT_INVALID("event, invalid", 1, false),
    ORDER_INVALID("order, invalid", 1, false);

    /** How many payloads each has; one alone would be learned by the branch predictor. */
    static final int PAYLOADS = 128;

    private static final long SEED = 20_261_122;

    private final String title;
    private final int schemas;
    private final boolean valid;

    Workload(String title, int schemas, boolean valid) {
        this.title = title;
        this.schemas = schemas;
        this.valid = valid;
    }

    String title() {
        return title;
    }

    /** Whether its payloads are valid; all of them are the same. */
    boolean valid() {
        return valid;
    }

    /** Its schemas; payload {@code i} is of schema {@code i % size}. */
    List<String> schemas() {
        String text = resource(isOrder() ? "order.json" : "event.json");
        List<String> variants = new ArrayList<>();
        for (int i = 0; i < schemas; i++) {
            variants.add(variant(text, i));
        }
        return variants;
    }

    byte[][] payloads() {
        Payloads payloads = new Payloads(SEED);
        byte[][] bytes = new byte[PAYLOADS][];
        for (int i = 0; i < PAYLOADS; i++) {
            JsonNode json = switch (this) {
                case EVENT, EVENT_8_SCHEMAS -> payloads.event();
                case EVENT_ANY_ORDER -> payloads.shuffled(payloads.event());
                case EVENT_INVALID -> payloads.breakEvent(payloads.event(), i);
                case ORDER -> payloads.order();
                case ORDER_INVALID -> payloads.breakOrder(payloads.order(), i);
            };
            String text = new String(Payloads.utf8(json), StandardCharsets.UTF_8);
            bytes[i] = variant(text, i % schemas).getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    boolean isOrder() {
        return this == ORDER || this == ORDER_INVALID;
    }

    /** A schema or payload with its fields renamed, so that schemas share nothing but their shape. */
    private static String variant(String text, int number) {
        return number == 0
                ? text
                : text.replaceAll(
                        "\"(actor|post|author_id|title|dwell_ms|visible_share|device|geo|country|city|referrer)\"",
                        "\"$1_" + number + "\"");
    }

    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(Workload.class.getResourceAsStream(name), () -> "no resource " + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
