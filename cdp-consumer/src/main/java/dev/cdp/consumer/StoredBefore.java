package dev.cdp.consumer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the sink holds rows of partitions for which the group has committed nothing. The sink is asked on a thread of
 * its own, since it may be slow or down, and the owner thread has to poll. Owner thread only.
 */
final class StoredBefore {

    private static final Logger LOG = LoggerFactory.getLogger(StoredBefore.class);
    private static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "cdp-sink-look");
        thread.setDaemon(true);
        thread.start();
    };

    private final SinkWork work;
    private final Map<Tenure, CompletableFuture<Boolean>> asked = new HashMap<>();

    StoredBefore(SinkWork work) {
        this.work = work;
    }

    /**
     * Whether it holds any from the beginning of a plan on; null while there is no answer.
     *
     * @throws ConsumerStoppedException if there will never be one
     */
    @Nullable
    Boolean ask(Tenure tenure, Envelope plan) {
        asked.keySet().removeIf(other -> !other.active());
        CompletableFuture<Boolean> answer =
                asked.computeIfAbsent(tenure, any -> CompletableFuture.supplyAsync(() -> look(tenure, plan), THREADS));
        if (!answer.isDone()) {
            return null;
        }
        asked.remove(tenure);
        Circuit circuit = work.circuits().sink(tenure.partition().topic());
        try {
            boolean holds = answer.join();
            circuit.answered();
            return holds;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof CdpException cdp && !cdp.retryable()) {
                throw new ConsumerStoppedException(
                        "the sink cannot tell what it holds of " + tenure.partition() + ": " + cause.getMessage(),
                        cause);
            }
            circuit.silent(cause);
            LOG.warn("the sink does not tell what it holds of {}; asking again", tenure.partition(), cause);
            return null;
        }
    }

    private boolean look(Tenure tenure, Envelope plan) {
        try {
            return work.sink().holds(plan.topicId(), tenure.partition().partition(), plan.first(), plan.replay());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
