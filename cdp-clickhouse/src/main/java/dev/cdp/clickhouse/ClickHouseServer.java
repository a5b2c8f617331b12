package dev.cdp.clickhouse;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** Where a ClickHouse is and whom to log in as. Nothing is connected to before it is used. Immutable. */
public final class ClickHouseServer {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final URI url;
    private final Credentials credentials;

    private ClickHouseServer(URI url, Credentials credentials) {
        this.url = url;
        this.credentials = credentials;
    }

    /**
     * A server at its HTTP address, such as {@code http://localhost:8123}. The password is asked for at each request and
     * kept nowhere.
     *
     * @throws IllegalArgumentException for an address with a user, a password or a query in it
     */
    public static ClickHouseServer of(URI url, String user, Supplier<String> password) {
        return new ClickHouseServer(
                ServerAddress.checked(Objects.requireNonNull(url, "url")),
                new Credentials(Objects.requireNonNull(user, "user"), Objects.requireNonNull(password, "password")));
    }

    /** Statements of minutes, such as a change of a column with many rows. */
    ServerQueries queries() {
        return queries(TIMEOUT);
    }

    ServerQueries queries(Duration timeout) {
        return new ServerQueries(new HttpTransport(url, credentials, timeout));
    }

    @Override
    public String toString() {
        return "ClickHouseServer[" + url + "]";
    }
}
