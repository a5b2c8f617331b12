package dev.cdp.core.registry;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;

/**
 * Gets an answer out of a registry that has several servers: the one that answered last is asked first, then the
 * others, then all of them again after a wait. When nothing helped several times in a row the circuit opens, and callers
 * are told at once. Thread-safe.
 */
final class RegistryCalls {

    private final RegistryTransport transport;
    private final List<String> urls;
    private final int attempts;
    private final IntervalFunction waits;
    private final CircuitBreaker breaker;
    private volatile int preferred;

    RegistryCalls(RegistryTransport transport, List<String> urls, Patience patience, InstantSource time) {
        Clock clock = time.withZone(ZoneOffset.UTC);
        this.transport = transport;
        this.urls = urls;
        this.attempts = patience.attempts();
        this.waits = IntervalFunction.ofExponentialRandomBackoff(patience.firstWait(), 2.0);
        this.breaker = CircuitBreaker.of(
                "schema-registry",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(patience.failuresToOpen())
                        .minimumNumberOfCalls(patience.failuresToOpen())
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(patience.open())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .clock(clock)
                        .build());
    }

    /**
     * What is tried before a registry counts as down.
     *
     * @param attempts how often every server is asked, from 1
     * @param firstWait the wait before the second attempt; it doubles from there, and is made uneven
     * @param failuresToOpen so many calls in a row that failed open the circuit
     * @param open how long it stays open
     */
    record Patience(int attempts, Duration firstWait, int failuresToOpen, Duration open) {}

    /** @throws RegistryUnavailableException if no server gives an answer that means something */
    <T> T call(RegistryRequest<T> request) {
        if (!breaker.tryAcquirePermission()) {
            throw new RegistryUnavailableException(
                    "the schema registry at " + String.join(", ", urls)
                            + " has failed several times in a row and is left alone for a while; schemas that were read"
                            + " before go on, " + request + " waits",
                    null);
        }
        long start = System.nanoTime();
        try {
            T found = ask(request);
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            return found;
        } catch (RegistryUnavailableException e) {
            breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, e);
            throw e;
        } catch (InterruptedException e) {
            breaker.releasePermission();
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted while " + request + " was under way", null);
        } catch (Throwable e) {
            breaker.releasePermission();
            throw e;
        }
    }

    private <T> T ask(RegistryRequest<T> request) throws InterruptedException {
        Set<String> problems = new LinkedHashSet<>();
        for (int attempt = 1; ; attempt++) {
            boolean passing = false;
            int first = preferred;
            for (int i = 0; i < urls.size(); i++) {
                int server = (first + i) % urls.size();
                try {
                    RegistryAnswer answer = transport.send(urls.get(server), request);
                    answer.check(request);
                    T meaning = request.meaning().of(answer);
                    preferred = server;
                    return meaning;
                } catch (BrokenAnswerException e) {
                    problems.add(urls.get(server) + ": " + e.getMessage());
                    passing |= e.passing();
                }
            }
            if (!passing || attempt == attempts) {
                throw new RegistryUnavailableException(
                        "no schema registry answers " + request + ": " + String.join("; ", problems)
                                + "; schemas that were read before go on, what needs this one waits",
                        null);
            }
            Thread.sleep(waits.apply(attempt));
        }
    }
}
