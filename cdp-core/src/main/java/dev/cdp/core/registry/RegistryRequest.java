package dev.cdp.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * One request to a registry.
 *
 * @param path what follows the base URL
 * @param bodyOrNull the JSON that is posted; null asks by GET
 * @param endpoint whether every registry has that endpoint
 * @param meaning what an answer means
 */
record RegistryRequest<T>(String path, @Nullable String bodyOrNull, Endpoint endpoint, Meaning<T> meaning) {

    static <T> RegistryRequest<T> get(String path, Meaning<T> meaning) {
        return new RegistryRequest<>(path, null, Endpoint.EVERYWHERE, meaning);
    }

    /** For an endpoint that some registries lack: a bare 404 of it is an answer. */
    static <T> RegistryRequest<T> getIfThere(String path, Meaning<T> meaning) {
        return new RegistryRequest<>(path, null, Endpoint.SOME, meaning);
    }

    static <T> RegistryRequest<T> post(String path, String body, Meaning<T> meaning) {
        return new RegistryRequest<>(path, body, Endpoint.EVERYWHERE, meaning);
    }

    @Override
    public String toString() {
        return (bodyOrNull == null ? "GET " : "POST ") + path;
    }

    /** Which registries have it. */
    enum Endpoint {
        EVERYWHERE,
        SOME
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface Meaning<T> {

        /** @throws BrokenAnswerException if it is not what a registry says */
        T of(RegistryAnswer answer) throws BrokenAnswerException;
    }
}
