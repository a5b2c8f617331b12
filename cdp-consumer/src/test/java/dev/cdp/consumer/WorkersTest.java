package dev.cdp.consumer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkersTest {

    private final Tenure stays = new Tenure(new TopicPartition("t", 0), null);
    private final Tenure goes = new Tenure(new TopicPartition("t", 1), null);

    /** Else a rebalance would wait for a partition that stays, as long as its handler likes. */
    @Test
    void whatWaitsForAThreadIsEndedWhereItsPartitionGoesAndNotBehindTheWorkOfAnother() throws Exception {
        Workers workers = Workers.threads("g", 1, 2);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch next = new CountDownLatch(1);
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        try {
            workers.submit(stays, () -> {
                begun.countDown();
                awaitQuietly(go);
            });
            begun.await();
            workers.submit(stays, next::countDown);
            workers.submit(goes, () -> ranOn.set(Thread.currentThread()));
            assertThat(workers.free()).isZero();
            goes.stopStarting();
            workers.withdraw(goes);
            assertThat(ranOn).hasValue(Thread.currentThread());
            assertThat(next.getCount())
                    .as("another partition's job still waits")
                    .isEqualTo(1);
            go.countDown();
            next.await();
        } finally {
            workers.close();
        }
    }

    /** A run that is late goes on only while nothing waits for its thread. */
    @Test
    void aWorkerIsInDemandWhereAJobWaitsForAThread() throws Exception {
        Workers workers = Workers.threads("g", 1, 2);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try {
            workers.submit(stays, () -> {
                begun.countDown();
                awaitQuietly(go);
            });
            begun.await();
            assertThat(workers.inDemand()).isFalse();
            workers.submit(stays, () -> {});
            assertThat(workers.inDemand()).isTrue();
        } finally {
            go.countDown();
            workers.close();
        }
    }

    /** Nobody knows what waits for an application's executor, only that no more may be given to it. */
    @Test
    void onAnotherExecutorWorkersAreInDemandWhereAllAreInUse() {
        Workers workers = Workers.on(job -> {}, 2, new Outcomes());
        workers.submit(stays, () -> {});
        assertThat(workers.inDemand()).isFalse();
        workers.submit(stays, () -> {});
        assertThat(workers.inDemand()).isTrue();
        assertThat(workers.freeWhenQuick()).isZero();
        workers.ended(stays);
        assertThat(workers.inDemand()).isFalse();
    }

    /** Else what is done would wait for the owner's next look. */
    @Test
    void theLastReportOfARunWakesTheOwner() throws Exception {
        Outcomes outcomes = new Outcomes();
        Entry entry = new Entry(new ConsumerRecord<>("t", 0, 0, null, new byte[0]));
        outcomes.add(new Outcome.Dead(null, entry, Outcome.Turn.ENDS, null));
        outcomes.await(3_600_000_000_000L); // an hour, were it not woken
        assertThat(outcomes.take()).hasSize(1);
        assertThat(outcomes.take()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
