package dev.cdp.clickhouse;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when ClickHouse will go on refusing until a person changes something: credentials, grants, a table that is
 * missing or has drifted from the catalog.
 */
public final class ClickHouseSetupException extends CdpException {

    ClickHouseSetupException(String message) {
        super(message);
    }

    ClickHouseSetupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@code false}. */
    @Override
    public boolean retryable() {
        return false;
    }
}
