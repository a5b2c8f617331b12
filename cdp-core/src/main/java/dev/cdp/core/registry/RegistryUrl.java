package dev.cdp.core.registry;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The rule for a registry's address: where it is, and nothing that is secret. */
final class RegistryUrl {

    private RegistryUrl() {}

    /**
     * The base URL without a slash at its end.
     *
     * @throws IllegalArgumentException with a message that leaves out everything that could be a secret
     */
    static String checked(URI url) {
        String authority = String.valueOf(url.getRawAuthority());
        if (url.getRawUserInfo() != null || authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("url: a user or password does not belong into a URL, where logs and"
                    + " process lists show it; pass them by basic(user, passwordSupplier) or bearer(tokenSupplier)");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("url: expected http://host:port/path without '?' and '#'");
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException("url: expected http://host:port or https://host:port, found the scheme "
                    + url.getScheme() + (url.getHost() == null ? " and no host" : ""));
        }
        return url.toString().replaceAll("/+$", "");
    }

    /** A text as one segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
