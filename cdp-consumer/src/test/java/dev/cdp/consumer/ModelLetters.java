package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetters;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** A dead letter topic that stores a letter when it pleases. */
final class ModelLetters implements DeadLetters {

    private final ModelWorld world;
    private final DeadLetterOffice.Refusals refusals;
    private final List<Letter> pending = new ArrayList<>();

    private record Letter(DeadLetter letter, CompletableFuture<Void> acknowledged) {}

    ModelLetters(ModelWorld world, DeadLetterOffice.Refusals refusals) {
        this.world = world;
        this.refusals = refusals;
    }

    @Override
    public CompletionStage<Void> send(DeadLetter letter) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        pending.add(new Letter(letter, acknowledged));
        return acknowledged;
    }

    void progress() {
        if (pending.isEmpty()) {
            return;
        }
        if (world.sinkholeOfLetters) {
            refusals.refused(pending.get(0).letter.topic(), new TimeoutException());
            return;
        }
        Letter next = pending.remove(world.random.nextInt(pending.size()));
        store(next);
        refusals.stored(next.letter.topic());
        next.acknowledged.complete(null);
    }

    private void store(Letter letter) {
        TopicPartition partition = new TopicPartition(
                letter.letter.record().topic(), letter.letter.record().partition());
        world.log(partition).letters.add(letter.letter.record().offset());
    }

    void perish() {
        pending.stream().filter(letter -> world.random.nextBoolean()).forEach(this::store);
        pending.clear();
    }

    void heal() {
        while (!pending.isEmpty()) {
            progress();
        }
    }

    @Override
    public void close(Duration timeout) {
        // What is pending stays so.
    }
}
