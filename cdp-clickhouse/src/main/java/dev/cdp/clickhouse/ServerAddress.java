package dev.cdp.clickhouse;

import java.net.URI;

/** The rule for a server's address: where it is, and nothing that is secret. */
final class ServerAddress {

    private ServerAddress() {}

    /** @throws IllegalArgumentException with a message that leaves out everything that could be a secret */
    static URI checked(URI url) {
        String authority = String.valueOf(url.getRawAuthority());
        if (url.getRawUserInfo() != null || authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("url: a user or password does not belong into a URL, where logs and"
                    + " process lists show it; pass them by credentials(user, passwordSupplier)");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("url: expected http://host:port without '?' and '#'; settings are the"
                    + " sink's own, and user and password go by credentials(user, passwordSupplier)");
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException("url: expected http://host:port or https://host:port, found the scheme "
                    + url.getScheme() + (url.getHost() == null ? " and no host" : ""));
        }
        return url;
    }
}
