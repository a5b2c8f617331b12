package dev.cdp.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cdp.clickhouse.ClickHouseServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's ClickHouse is, and whom it logs in as; a password is never an argument, which others can see. */
public final class ClickHouseOptions {

    @Option(
            names = "--clickhouse-url",
            required = true,
            paramLabel = "URL",
            description = "The server's HTTP address, such as http://localhost:8123.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI url;

    @Option(
            names = "--clickhouse-user",
            paramLabel = "USER",
            defaultValue = "${env:CDP_CLICKHOUSE_USER:-default}",
            description = "Whom to log in as (default: CDP_CLICKHOUSE_USER, else default).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String user;

    @Option(
            names = "--clickhouse-password-file",
            paramLabel = "FILE",
            description = "A file with the password (default: CDP_CLICKHOUSE_PASSWORD).")
    private @Nullable Path passwordFile;

    /** The server. */
    public ClickHouseServer server() {
        String password = password();
        try {
            return ClickHouseServer.of(url, user, () -> password);
        } catch (IllegalArgumentException e) {
            throw new UnusableException("--clickhouse-" + e.getMessage(), e);
        }
    }

    private String password() {
        if (passwordFile == null) {
            String password = System.getenv("CDP_CLICKHOUSE_PASSWORD");
            return password == null ? "" : password;
        }
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new UnusableException("--clickhouse-password-file: " + passwordFile + " cannot be read", e);
        }
    }
}
