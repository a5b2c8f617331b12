package dev.cdp.embedded;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Waits in tests for a condition, for at most {@link #LIMIT}; a failure says the last state seen.
 *
 * <p>The limit is only there so that a test that hangs ends. It is generous on purpose: a busy machine is no reason to
 * fail. Conditions are checked every 10 ms on the calling thread.
 */
public final class Await {
    /** How long any condition is waited for. */
    public static final Duration LIMIT = Duration.ofSeconds(90);

    private Await() {}

    /** Waits until a condition holds. Prefer {@link #until(String, Callable, Predicate)}, which can say what was seen. */
    public static void until(String what, BooleanSupplier condition) {
        until(what, condition::getAsBoolean, holds -> holds);
    }

    /** Reads a state until it is as expected, and returns it. */
    public static <T> T until(String what, Callable<T> state, Predicate<? super T> expected) {
        AtomicReference<@Nullable T> last = new AtomicReference<>();
        boolean reached = Deadline.in(LIMIT).await(() -> {
            T now = read(state);
            last.set(now);
            return expected.test(now);
        });
        T seen = last.get();
        if (!reached || seen == null) {
            throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what + "; last seen: " + seen);
        }
        return seen;
    }

    /** Repeats assertions until they pass; after the limit the last failure is thrown. */
    public static void untilAsserted(Assertions assertions) {
        AtomicReference<@Nullable AssertionError> last = new AtomicReference<>();
        boolean passed = Deadline.in(LIMIT).await(() -> {
            try {
                assertions.run();
                return true;
            } catch (AssertionError e) {
                last.set(e);
                return false;
            } catch (Exception e) {
                throw failed(e);
            }
        });
        if (!passed) {
            AssertionError failure = last.get();
            throw new AssertionError(
                    "not within " + LIMIT.toSeconds() + " s: " + (failure == null ? "" : failure.getMessage()),
                    failure);
        }
    }

    private static <T> T read(Callable<T> state) {
        try {
            return state.call();
        } catch (Exception e) {
            throw failed(e);
        }
    }

    private static RuntimeException failed(Exception e) {
        return e instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException("the awaited state cannot be read: " + e.getMessage(), e);
    }

    /** Assertions that may fail at first. */
    @FunctionalInterface
    public interface Assertions {
        /** Throws an {@link AssertionError} while the awaited state is not reached. */
        void run() throws Exception;
    }
}
