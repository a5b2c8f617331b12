package dev.cdp.core.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * The schemas that were read, and, apart from them and for a while only, the keys that the registry did not know: a
 * flood of made-up ids pushes out no schema. Several threads that miss the same key ask once. Thread-safe.
 */
final class SchemaCache {

    private static final int MAX_UNKNOWN = 10_000;

    private final Cache<SchemaKey, Entry> known;
    private final Cache<SchemaKey, Boolean> unknown;
    private final Map<SchemaKey, CompletableFuture<Optional<RegisteredSchema>>> underWay = new ConcurrentHashMap<>();
    private final Duration latestFor;
    private final InstantSource clock;

    SchemaCache(long maxCharacters, Duration unknownFor, Duration latestFor, InstantSource clock) {
        this.known = Caffeine.newBuilder()
                .maximumWeight(maxCharacters)
                .<SchemaKey, Entry>weigher(
                        (key, entry) -> Math.max(1, entry.schema().size()))
                .executor(Runnable::run)
                .build();
        this.unknown = Caffeine.newBuilder()
                .maximumSize(MAX_UNKNOWN)
                .expireAfterWrite(unknownFor)
                .ticker(() -> clock.millis() * 1_000_000)
                .executor(Runnable::run)
                .build();
        this.latestFor = latestFor;
        this.clock = clock;
    }

    /** What is remembered of a key, else what {@code load} says; what a "latest" was stays good while load fails. */
    Optional<RegisteredSchema> get(SchemaKey key, Function<SchemaKey, Optional<RegisteredSchema>> load) {
        Optional<RegisteredSchema> remembered = remembered(key);
        if (remembered.isPresent() || isUnknown(key)) {
            return remembered;
        }
        CompletableFuture<Optional<RegisteredSchema>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<RegisteredSchema>> others = underWay.putIfAbsent(key, mine);
        if (others != null) {
            return joined(others);
        }
        try {
            remembered = remembered(key);
            Optional<RegisteredSchema> found = remembered.isPresent() || isUnknown(key) ? remembered : load(key, load);
            mine.complete(found);
            return found;
        } catch (Throwable e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key);
        }
    }

    private Optional<RegisteredSchema> remembered(SchemaKey key) {
        Entry entry = known.getIfPresent(key);
        if (entry == null
                || (key instanceof SchemaKey.Latest && !entry.goodUntil().isAfter(clock.instant()))) {
            return Optional.empty();
        }
        return Optional.of(entry.schema());
    }

    private boolean isUnknown(SchemaKey key) {
        return unknown.getIfPresent(key) != null;
    }

    private Optional<RegisteredSchema> load(SchemaKey key, Function<SchemaKey, Optional<RegisteredSchema>> load) {
        try {
            Optional<RegisteredSchema> found = load.apply(key);
            found.ifPresentOrElse(schema -> put(key, schema), () -> unknown.put(key, true));
            return found;
        } catch (RegistryUnavailableException e) {
            Entry old = known.getIfPresent(key);
            if (old == null) {
                throw e;
            }
            return Optional.of(old.schema());
        }
    }

    private void put(SchemaKey key, RegisteredSchema schema) {
        known.put(key, new Entry(schema, clock.instant().plus(latestFor)));
    }

    /** Forgets what was unknown, and which versions were the latest: something has been registered. */
    void registered() {
        unknown.invalidateAll();
        known.asMap().keySet().removeIf(SchemaKey.Latest.class::isInstance);
    }

    private static Optional<RegisteredSchema> joined(CompletableFuture<Optional<RegisteredSchema>> others) {
        try {
            return others.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** {@code goodUntil} matters to a "latest" only. */
    private record Entry(RegisteredSchema schema, Instant goodUntil) {}
}
