package dev.cdp.consumer.dlq;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Letters that an application keeps in a store of its own: the least that an implementation has to do. */
class StoredDeadLettersTest extends DeadLettersContract {

    private final Store store = new Store();

    private static final class Store implements DeadLetters {

        private record Held(DeadLetter letter, CompletableFuture<Void> acknowledged) {}

        private final List<String> stored = new ArrayList<>();
        private final ArrayDeque<Held> held = new ArrayDeque<>();
        private boolean open = true;
        private boolean refuses;

        @Override
        public synchronized CompletionStage<Void> send(DeadLetter letter) {
            Held next = new Held(letter, new CompletableFuture<>());
            held.add(next);
            store();
            return next.acknowledged;
        }

        private synchronized void refuse(boolean now) {
            refuses = now;
            store();
        }

        private void store() {
            while (open && !refuses && !held.isEmpty()) {
                Held next = held.remove();
                stored.add(new String(next.letter.record().value(), StandardCharsets.UTF_8));
                next.acknowledged.complete(null);
            }
        }

        @Override
        public synchronized void close(Duration timeout) {
            open = false;
        }
    }

    @Override
    protected DeadLetters letters() {
        return store;
    }

    @Override
    protected String topic() {
        return "letters";
    }

    @Override
    protected void refuse() {
        store.refuse(true);
    }

    @Override
    protected void awaitRefusal() {
        // It refuses at once.
    }

    @Override
    protected void accept() {
        store.refuse(false);
    }

    @Override
    protected List<String> stored() {
        return List.copyOf(store.stored);
    }
}
