package dev.cdp.core.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogFolder;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** The catalog and the records of the reader's tests. */
final class WireCatalog {

    static final UUID TOPIC_ID = new UUID(1, 2);
    static final Instant STORED = Instant.parse("2026-02-02T00:00:00Z");

    /** Version 1 and 2 of post_viewed; on topic {@code shared} it is one of two, on {@code alone} solo is the only. */
    static final String VIEWED_1 = "{\"type\":\"object\",\"properties\":{\"post\":{\"type\":\"string\"}}}";

    static final String VIEWED_2 = "{\"type\":\"object\",\"properties\":{\"post\":{\"type\":\"string\"},"
            + "\"at\":{\"type\":\"string\",\"format\":\"date-time\"}}}";

    static final Catalog CATALOG = load();

    private WireCatalog() {}

    private static Catalog load() {
        try {
            Path folder = Files.createTempDirectory("cdp-catalog");
            folder.toFile().deleteOnExit();
            return new CatalogFolder(folder)
                    .file("v1.json", VIEWED_1)
                    .file("v2.json", VIEWED_2)
                    .file("money.json", "{\"properties\":{\"post\":{\"type\":\"string\"}}}")
                    .file("liked.json", "{\"properties\":{\"liked\":{\"type\":\"integer\"}}}")
                    .load("""
                            events:
                              post_viewed: { version: 2, schema: v2.json, versions: { 1: v1.json }, topic: shared, time: /at }
                              liked: { schema: liked.json, topic: shared }
                              paid: { schema: money.json, topic: money, discriminator: /post }
                              solo: { schema: liked.json, topic: alone }
                            """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IncomingRecord record(String topic, EventHeaders headers, byte[] value) {
        return new IncomingRecord(topic, TOPIC_ID, 1, 56, STORED, headers, value);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Reading.Known known(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Known.class);
        return (Reading.Known) reading;
    }

    static void assertUnknown(Reading reading, DeadLetterReason reason, String message) {
        assertThat(reading).isInstanceOfSatisfying(Reading.Unknown.class, unknown -> {
            assertThat(unknown.message()).contains(message);
            assertThat(unknown.reason()).isEqualTo(reason);
        });
    }
}
