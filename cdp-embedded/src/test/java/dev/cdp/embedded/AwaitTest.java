package dev.cdp.embedded;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AwaitTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void returnsTheStateThatWasExpected() {
        assertThat(Await.until("three calls", calls::incrementAndGet, count -> count == 3))
                .isEqualTo(3);
    }

    @Test
    void repeatsAssertionsThatFail() {
        Await.untilAsserted(() -> assertThat(calls.incrementAndGet()).isEqualTo(3));

        assertThat(calls).hasValue(3);
    }

    @Test
    void anErrorOfTheConditionEndsTheWait() {
        assertThatThrownBy(() -> Await.until("a state", () -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
    }
}
