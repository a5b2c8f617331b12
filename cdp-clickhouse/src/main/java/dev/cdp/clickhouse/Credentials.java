package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;

/** Whom we log in as. The password is asked for at each request, so that it can be rotated, and is never shown. */
final class Credentials {

    private final String user;
    private final Supplier<String> password;

    Credentials(String user, Supplier<String> password) {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "credentials: a user is not empty and has no ':', found one of " + user.length() + " characters");
        }
        this.user = user;
        this.password = password;
    }

    /** The value of an {@code Authorization} header; in Base64 no character of a password can break it. */
    String header() {
        byte[] both = (user + ":" + password.get()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
