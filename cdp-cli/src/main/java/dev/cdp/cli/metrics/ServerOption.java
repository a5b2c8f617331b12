package dev.cdp.cli.metrics;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.core.catalog.Catalog;
import picocli.CommandLine.Option;

/** Which ClickHouse a command asks. */
final class ServerOption {

    private static final Duration TIMEOUT = Duration.ofHours(1);

    @Option(
            names = "--clickhouse-url",
            required = true,
            paramLabel = "URL",
            description = {
                "The server's HTTP address, such as http://localhost:8123.",
                "Its user and password are in CDP_CLICKHOUSE_USER and CDP_CLICKHOUSE_PASSWORD."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI url;

    ClickHouseClient client() {
        try {
            return ClickHouseClient.of(url, user(), this::password, TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new UnusableException("--clickhouse-url: " + e.getMessage(), e);
        }
    }

    /** Creates the tables of a catalog's facts. */
    void migrate(Catalog catalog) {
        try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                .url(url)
                .credentials(user(), this::password)
                .build()) {
            sink.migrate();
        }
    }

    private String user() {
        return Objects.requireNonNullElse(System.getenv("CDP_CLICKHOUSE_USER"), "default");
    }

    private String password() {
        return Objects.requireNonNullElse(System.getenv("CDP_CLICKHOUSE_PASSWORD"), "");
    }
}
