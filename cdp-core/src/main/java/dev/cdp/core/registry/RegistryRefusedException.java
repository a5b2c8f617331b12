package dev.cdp.core.registry;

import dev.cdp.core.CdpException;

/** Thrown for what a registry will not do, or cannot be used for, however often it is tried. */
public final class RegistryRefusedException extends CdpException {

    /** For implementations of {@link SchemaRegistry}; a message never holds a secret. */
    public RegistryRefusedException(String message) {
        super(message);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
