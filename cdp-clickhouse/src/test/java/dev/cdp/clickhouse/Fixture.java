package dev.cdp.clickhouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.embedded.EmbeddedClickHouse;

/** A database of a test's own, with catalogs over it and batches for it. */
final class Fixture {

    static final UUID TOPIC_ID = UUID.fromString("8f4e6d60-1c2b-4a3d-9e8f-001122334455");
    static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089Z");
    private static final AtomicInteger DATABASES = new AtomicInteger();

    final EmbeddedClickHouse server;
    final String database;

    Fixture(EmbeddedClickHouse server) {
        this("t" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet(), server);
    }

    Fixture(String database, EmbeddedClickHouse server) {
        this.database = database;
        this.server = server;
    }

    /** {@code events} is what stands under {@code events:}, in flow style. */
    Catalog catalog(String events) {
        try {
            Path folder = Files.createTempDirectory("cdp-catalog");
            Path file = folder.resolve("cdp.yaml");
            Files.writeString(
                    file,
                    "cdp: 1\ncatalog: test\nsource: //test\ndefaults:\n  topic: t\n  table: { database: " + database
                            + " }\nevents:\n" + events.indent(2));
            Catalog catalog = Catalog.load(file);
            Files.delete(file);
            Files.delete(folder);
            return catalog;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An event {@code clicked} of an integer and an optional text. */
    Catalog clicks() {
        return catalog("""
                clicked:
                  description: Somebody's click.
                  schema:
                    type: object
                    required: [n]
                    properties:
                      n: { type: integer, description: "Which one, it's counted." }
                      label: { type: string }
                """);
    }

    ClickHouseSink sink(Catalog catalog) {
        return sink(catalog, server.url());
    }

    ClickHouseSink sink(Catalog catalog, URI url) {
        return ClickHouseSink.builder(catalog)
                .url(url)
                .credentials(server.user(), server::password)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    ClickHouseServer clickHouse() {
        return ClickHouseServer.of(server.url(), server.user(), server::password);
    }

    /** Gives up an insert after two seconds. */
    ClickHouseSink impatientSink(Catalog catalog) {
        return ClickHouseSink.builder(catalog)
                .url(server.url())
                .credentials(server.user(), server::password)
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    static EventBatch batch(long first, long end, List<SinkEvent> events) {
        return new EventBatch(new BatchId("t", TOPIC_ID, 0, first, end, 0), events);
    }

    /** Clicks whose {@code n} is their offset. */
    static EventBatch clicks(long first, long end) {
        return batch(
                first,
                end,
                LongStream.range(first, end)
                        .mapToObj(n -> event(n, "clicked", "{\"n\":" + n + "}"))
                        .toList());
    }

    static SinkEvent event(long offset, String type, String json) {
        return event(offset, type, TIME, json);
    }

    static SinkEvent event(long offset, String type, Instant time, String json) {
        return new SinkEvent(
                offset,
                new EventAttributes("id-" + offset, type, URI.create("//test"), time, null, null),
                1,
                json.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers without the last newline; {@code {db}} stands for the database. */
    String query(String sql) {
        return server.query(sql.replace("{db}", database)).stripTrailing();
    }

    String table(String name) {
        return database + "." + name;
    }
}
