package dev.cdp.core.registry;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a registry cannot be asked or gives no answer that can be understood. It says nothing of the schema that
 * was looked for: a record that needs it waits.
 */
public final class RegistryUnavailableException extends CdpException {

    /** For implementations of {@link SchemaRegistry}; a message never holds a secret. */
    public RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
