package dev.cdp.clickhouse;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** Thrown when ClickHouse did not do what was asked and may do it later: it is away, overloaded, or did not answer. */
public final class ClickHouseUnavailableException extends CdpException {

    ClickHouseUnavailableException(String message) {
        super(message);
    }

    ClickHouseUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@code true}. */
    @Override
    public boolean retryable() {
        return true;
    }
}
