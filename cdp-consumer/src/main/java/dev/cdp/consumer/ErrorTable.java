package dev.cdp.consumer;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.cdp.core.CdpException;
import dev.cdp.core.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Which exceptions of a handler mean what, by their type and never by their message. The nearest superclass in the
 * table decides; where it has none, the exception's cause is looked up, so that wrappers need no entry. What is not
 * found at all is {@link ErrorClass#RETRY}. Immutable.
 */
public final class ErrorTable {

    /**
     * A {@link CdpException} by what it says of itself; {@link ErrorClass#OUTAGE} for connections that cannot be made:
     * {@code java.net}'s connect, host and route exceptions, JDBC's connection exceptions, and a registry that cannot
     * be asked.
     */
    public static final ErrorTable DEFAULT = new ErrorTable(Map.of(
            ConnectException.class, ErrorClass.OUTAGE,
            NoRouteToHostException.class, ErrorClass.OUTAGE,
            UnknownHostException.class, ErrorClass.OUTAGE,
            UnresolvedAddressException.class, ErrorClass.OUTAGE,
            HttpConnectTimeoutException.class, ErrorClass.OUTAGE,
            SQLTransientConnectionException.class, ErrorClass.OUTAGE,
            SQLNonTransientConnectionException.class, ErrorClass.OUTAGE,
            SQLRecoverableException.class, ErrorClass.OUTAGE,
            RegistryUnavailableException.class, ErrorClass.OUTAGE));

    /** A chain of causes may be a circle. */
    private static final int DEEPEST_CAUSE = 16;

    private final Map<Class<? extends Throwable>, ErrorClass> byType;

    private ErrorTable(Map<Class<? extends Throwable>, ErrorClass> byType) {
        this.byType = Map.copyOf(byType);
    }

    /** The same table with one more entry, which goes before those of its superclasses. */
    public ErrorTable with(Class<? extends Throwable> type, ErrorClass meaning) {
        Map<Class<? extends Throwable>, ErrorClass> more = new HashMap<>(byType);
        more.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(meaning, "meaning"));
        return new ErrorTable(more);
    }

    /** What an exception means. */
    public ErrorClass classify(Throwable thrown) {
        Throwable next = thrown;
        for (int depth = 0; next != null && depth < DEEPEST_CAUSE; depth++) {
            ErrorClass found = entry(next.getClass());
            if (found == null && next instanceof CdpException cdp) {
                found = cdp.retryable() ? ErrorClass.RETRY : ErrorClass.REJECT;
            }
            if (found != null) {
                return found;
            }
            next = next.getCause();
        }
        return ErrorClass.RETRY;
    }

    private @Nullable ErrorClass entry(Class<?> thrown) {
        for (Class<?> type = thrown; type != null; type = type.getSuperclass()) {
            ErrorClass found = byType.get(type);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
