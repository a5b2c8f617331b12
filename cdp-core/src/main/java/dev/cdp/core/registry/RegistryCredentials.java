package dev.cdp.core.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;

/** Whom we log in as. The secret is asked for at each request, so that it can be rotated, and is never shown. */
final class RegistryCredentials {

    private final String kind;
    private final Supplier<String> secret;
    private final String prefix;

    private RegistryCredentials(String kind, String prefix, Supplier<String> secret) {
        this.kind = kind;
        this.prefix = prefix;
        this.secret = secret;
    }

    static RegistryCredentials basic(String user, Supplier<String> password) {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "basic: a user is not empty and has no ':', found one of " + user.length() + " characters");
        }
        return new RegistryCredentials("basic", user + ":", password);
    }

    static RegistryCredentials bearer(Supplier<String> token) {
        return new RegistryCredentials("bearer", "", token);
    }

    /**
     * The value of an {@code Authorization} header.
     *
     * @throws IllegalStateException if there is none at the moment; its message never holds the secret
     */
    String header() {
        String found;
        try {
            found = secret.get();
        } catch (RuntimeException e) {
            // Its message may quote the secret, or where it is kept: its type must do.
            throw new IllegalStateException("the supplier of the " + kind + " credentials threw "
                    + e.getClass().getName());
        }
        if (kind.equals("basic")) {
            return "Basic " + Base64.getEncoder().encodeToString((prefix + found).getBytes(StandardCharsets.UTF_8));
        }
        if (found.isEmpty() || !found.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalStateException("a bearer token is not empty and consists of printable ASCII, found "
                    + found.length() + " characters with others among them");
        }
        return "Bearer " + found;
    }

    @Override
    public String toString() {
        return "RegistryCredentials[" + kind + "]";
    }
}
