package dev.cdp.embedded;

import java.util.function.Supplier;

import org.junit.jupiter.api.Assumptions;

/** A ClickHouse of its own for a test, which is skipped where there is no engine; for {@link CdpTest} classes and others. */
public final class EngineOrSkip {
    private static final String REQUIRED = "cdp.engine.required";

    private EngineOrSkip() {}

    /**
     * Starts a server that the test closes itself.
     *
     * <p>Where there is no engine it aborts the test with the reason, or throws the {@link EngineUnavailableException}
     * under {@code -Dcdp.engine.required=true}.
     */
    public static EmbeddedClickHouse startClickHouse() {
        return orSkip(EmbeddedClickHouse::start);
    }

    static <T> T orSkip(Supplier<T> engine) {
        try {
            return engine.get();
        } catch (EngineUnavailableException e) {
            if (required()) {
                throw e;
            }
            return Assumptions.abort(e.getMessage());
        }
    }

    static boolean required() {
        return Boolean.getBoolean(REQUIRED);
    }
}
