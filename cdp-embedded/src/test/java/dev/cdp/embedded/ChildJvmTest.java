package dev.cdp.embedded;

import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChildJvmTest {

    @Test
    void aChildAnnouncesThatItIsReadyAndIsKilled() {
        try (ChildJvm child = ChildJvm.of(Child.class).start("wait").awaitReady()) {
            child.pause();
            child.resume();
            assertThat(child.alive()).isTrue();

            child.kill();

            assertThat(child.awaitExit()).isEqualTo(137);
        }
    }

    @Test
    void whatAChildPrintedIsInTheFailure() {
        try (ChildJvm child = ChildJvm.of(Child.class).start("fail")) {
            assertThatThrownBy(child::awaitReady)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("exit code 3")
                    .hasMessageContaining("the reason");
            assertThatThrownBy(() -> child.awaitExit(0)).hasMessageContaining("the reason");
        }
    }

    static final class Child {
        public static void main(String[] arguments) throws InterruptedException {
            if (arguments[0].equals("fail")) {
                System.err.println("the reason");
                System.exit(3);
            }
            ChildJvm.announceReady();
            new CountDownLatch(1).await();
        }
    }
}
