package dev.cdp.core.registry;

import java.util.Optional;

import dev.cdp.core.CdpException;

/**
 * Where schemas are kept under ids that records carry. An answer may be remembered for good: what an id, a GUID or a
 * subject's version stands for never changes. Implementations are thread-safe.
 */
@FunctionalInterface
public interface SchemaRegistry {

    /**
     * The schema of a key, with everything that it refers to; empty only if the registry itself says that it has none.
     *
     * @throws RegistryUnavailableException if the registry cannot be asked: whether it has the schema is then not known
     * @throws CdpException not retryable, if the registry has the schema and it cannot be used
     */
    Optional<RegisteredSchema> find(SchemaKey key);
}
