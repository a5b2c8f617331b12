package dev.cdp.consumer.dlq;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cdp.core.event.DeadLetterReason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for all {@link DeadLetters}. A subclass opens one, of a store that can be made to refuse letters. */
public abstract class DeadLettersContract {

    private static final long PATIENCE_SECONDS = 30;

    /** A subclass's. */
    protected DeadLettersContract() {}

    /** What is tested; the same in all of a test. */
    protected abstract DeadLetters letters();

    /** The dead letter topic of the test. */
    protected abstract String topic();

    /** From now on the store takes nothing. */
    protected abstract void refuse() throws Exception;

    /** Waits until a letter was refused. */
    protected abstract void awaitRefusal() throws Exception;

    /** From now on the store takes letters again. */
    protected abstract void accept() throws Exception;

    /** The values of the letters that are stored, in the order in which they are. */
    protected abstract List<String> stored() throws Exception;

    private CompletableFuture<Void> send(int number) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "source",
                0,
                number,
                0L,
                TimestampType.CREATE_TIME,
                1,
                1,
                "k".getBytes(StandardCharsets.UTF_8),
                ("letter " + number).getBytes(StandardCharsets.UTF_8),
                new RecordHeaders(),
                Optional.empty());
        Failure failure = Failure.of(DeadLetterReason.INVALID, "validate", "page_viewed", "");
        return letters().send(new DeadLetter(topic(), record, failure, 1)).toCompletableFuture();
    }

    private List<CompletableFuture<Void>> sendAll(int count) {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(send(i));
        }
        return sent;
    }

    private static void await(List<CompletableFuture<Void>> acknowledgements) throws Exception {
        CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture[]::new))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whatIsAcknowledgedIsStored() throws Exception {
        await(sendAll(20));

        assertThat(stored()).hasSize(20).startsWith("letter 0", "letter 1").endsWith("letter 19");
    }

    @Test
    void aRefusalIsNoAnswerAndIsWaitedOut() throws Exception {
        await(sendAll(1));
        refuse();
        List<CompletableFuture<Void>> held = List.of(send(1), send(2), send(3));
        awaitRefusal();
        assertThat(held).noneMatch(CompletableFuture::isDone);

        accept();
        await(held);

        assertThat(stored()).contains("letter 1", "letter 2", "letter 3").doesNotHaveDuplicates();
    }

    @Test
    void whatACloseLeavesIsNeverAcknowledged() throws Exception {
        await(sendAll(1));
        refuse();
        CompletableFuture<Void> held = send(1);
        awaitRefusal();

        letters().close(Duration.ofMillis(100));
        letters().close(Duration.ofMillis(100));
        accept();

        CompletableFuture<Void> late = send(2);
        assertThat(stored()).doesNotContain("letter 1", "letter 2");
        assertThat(held.isDone() && !held.isCompletedExceptionally()).isFalse();
        assertThat(late.isDone() && !late.isCompletedExceptionally()).isFalse();
    }
}
