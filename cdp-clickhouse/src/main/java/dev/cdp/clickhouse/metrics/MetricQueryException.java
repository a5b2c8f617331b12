package dev.cdp.clickhouse.metrics;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** Thrown for a question that a metric cannot answer: an unknown name, a dimension that it has not, a range that is none. */
public final class MetricQueryException extends CdpException {

    MetricQueryException(String message) {
        super(message);
    }

    MetricQueryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@code false}. */
    @Override
    public boolean retryable() {
        return false;
    }
}
