package dev.cdp.clickhouse.metrics;

import dev.cdp.core.CdpException;

/** Thrown when rollups cannot be built without doubling or losing facts, with what to do. */
public final class RollupException extends CdpException {

    RollupException(String message) {
        super(message);
    }

    /** {@code false}. */
    @Override
    public boolean retryable() {
        return false;
    }
}
