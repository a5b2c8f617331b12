package dev.cdp.consumer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;

/**
 * Whether something that the path needs answers: a sink, what handlers call, a registry. It opens when half of the last
 * calls found no answer; then nothing goes there for a while, and after that a single call, which closes it or opens it
 * for longer. Owner thread only, and the one place that talks to Resilience4j.
 */
final class Circuit {

    private static final int WINDOW = 10;
    private static final int FEWEST = 3;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final CircuitBreaker breaker;
    private String cause = "";
    /** Whether a failure is in the window; without one, successes need not be counted. */
    private boolean troubled;

    Circuit(String name, LongSupplier nanos) {
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(FEWEST)
                        .failureRateThreshold(50)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(FIRST_WAIT, 2, LONGEST_WAIT))
                        .clock(new NanoClock(nanos))
                        .build());
    }

    /** What is behind it. */
    String name() {
        return breaker.getName();
    }

    /** The class of the last error; empty while it is closed and nothing failed. */
    String cause() {
        return cause;
    }

    /** Whether everything may go. */
    boolean closed() {
        return breaker.getState() == State.CLOSED;
    }

    /** Whether at least a probe is wanted. */
    boolean probes() {
        if (breaker.getState() == State.OPEN && breaker.tryAcquirePermission()) {
            breaker.releasePermission();
        }
        return breaker.getState() != State.OPEN;
    }

    /** Asks for leave to call; where that is given, an answer, none, or {@link #untried} follows. */
    boolean admits() {
        return breaker.tryAcquirePermission();
    }

    /** Gives leave back: there was no call. */
    void untried() {
        breaker.releasePermission();
    }

    /** An answer came, be it an error of the one call. */
    void answered() {
        if (troubled) {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            troubled = !closed() || breaker.getMetrics().getNumberOfFailedCalls() > 0;
        }
    }

    /** None came. */
    void silent(Throwable thrown) {
        troubled = true;
        cause = thrown.getClass().getName();
        breaker.onError(0, TimeUnit.NANOSECONDS, thrown);
    }

    /** A clock that runs as the consumer's nanoseconds do. */
    private static final class NanoClock extends Clock {

        private final LongSupplier nanos;
        private final long zero;

        private NanoClock(LongSupplier nanos) {
            this.nanos = nanos;
            this.zero = nanos.getAsLong();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanos.getAsLong() - zero);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
