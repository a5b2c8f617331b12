package dev.cdp.consumer;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Where a consumer is in its life, with only legal moves, and why it stopped. Any thread. */
final class Lifecycle {

    private final AtomicReference<ConsumerState> state = new AtomicReference<>(ConsumerState.CREATED);
    private final Consumer<ConsumerState> observer;
    private volatile @Nullable Throwable cause;

    Lifecycle(Consumer<ConsumerState> observer) {
        this.observer = observer;
    }

    ConsumerState state() {
        return Objects.requireNonNull(state.get());
    }

    /** Moves if that is legal from where it is; false otherwise. */
    boolean move(ConsumerState to) {
        while (true) {
            ConsumerState from = state();
            if (!from.next().contains(to)) {
                return false;
            }
            if (state.compareAndSet(from, to)) {
                observer.accept(to);
                return true;
            }
        }
    }

    /** Ends by itself. */
    void stop(Throwable why) {
        if (cause == null) {
            cause = why;
        }
        move(ConsumerState.STOPPED);
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    boolean ended() {
        return state().next().isEmpty();
    }
}
