package dev.cdp.consumer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60) // a test that hangs should say so
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

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
