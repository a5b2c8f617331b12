package dev.cdp.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.consumer.dlq.KafkaDeadLetters;
import dev.cdp.core.catalog.Catalog;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer that no record stops: each record is validated, then handled or stored, or becomes a dead letter,
 * and only then is its offset committed. While a sink or a dead letter topic is down it waits and skips nothing.
 *
 * <p>Any thread may call it. Handlers, sink and listeners are called on threads of its own.
 */
public final class ResilientConsumer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResilientConsumer.class);
    private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_SESSION = Duration.ofMinutes(5);
    private static final Duration REJOIN_PAUSE = Duration.ofSeconds(1);

    private final ConsumerSettings settings;
    private final Function<Map<String, Object>, Consumer<byte[], byte[]>> clients;
    private final Listeners listeners;
    private final Lifecycle lifecycle;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable PollLoop loop;
    private volatile @Nullable Preflight preflight;
    private volatile @Nullable Thread owner;
    private volatile long closeDeadline;
    private volatile int abandoned;

    ResilientConsumer(
            ConsumerSettings settings,
            List<ConsumerListener> listeners,
            Function<Map<String, Object>, Consumer<byte[], byte[]>> clients) {
        this.settings = settings;
        this.clients = clients;
        this.listeners = new Listeners(listeners);
        this.lifecycle = new Lifecycle(state -> this.listeners.tell(listener -> listener.stateChanged(state)));
    }

    /** Starts to describe a consumer of the events of a catalog. */
    public static ConsumerBuilder builder(Catalog catalog) {
        return new ConsumerBuilder(catalog, ResilientConsumer::kafka);
    }

    private static Consumer<byte[], byte[]> kafka(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Starts it and returns at once.
     *
     * @throws ConsumerStartException if no broker answers, or a topic is missing or forbidden
     */
    public void start() {
        if (!lifecycle.move(ConsumerState.STARTING)) {
            throw new IllegalStateException("a consumer is started once; this one is " + lifecycle.state());
        }
        try {
            PollLoop started = assemble();
            loop = started;
            Thread thread = new Thread(() -> run(started), "cdp-consumer-" + settings.group());
            owner = thread;
            thread.start();
        } catch (RuntimeException | Error e) {
            lifecycle.stop(e);
            ended.countDown();
            throw e;
        }
    }

    private PollLoop assemble() {
        Preflight topics = Preflight.connect(settings.kafka());
        try {
            DeadLetterRoutes routes = new DeadLetterRoutes(settings.catalog(), settings.topics());
            topics.check(
                    settings.topics(),
                    settings.deadLetters() == null ? routes.all() : Map.of(),
                    settings.deadLetterTopics());
            PollLoop assembled = connect(topics, routes);
            preflight = topics;
            return assembled;
        } catch (KafkaException e) {
            topics.close();
            throw ConsumerStartException.wrongSettings(
                    "the Kafka properties do not make a consumer: "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        } catch (RuntimeException | Error e) {
            topics.close();
            throw e;
        }
    }

    private PollLoop connect(Preflight topics, DeadLetterRoutes routes) {
        Consumer<byte[], byte[]> client = clients.apply(settings.kafka().consumer());
        Executor executor = settings.executor();
        Workers workers = executor == null
                ? Workers.threads(settings.group(), settings.workers(), jobsAhead())
                : Workers.on(executor, settings.workers(), new LinkedBlockingQueue<>());
        DeadLetterOffice.Refusals refusals = new DeadLetterOffice.Refusals();
        DeadLetters letters = settings.deadLetters() == null ? kafkaLetters(refusals) : settings.deadLetters();
        DeadLetterOffice office = new DeadLetterOffice(routes, letters, refusals, workers);
        return new PollLoop(
                settings,
                new PollLoop.Surroundings(
                        client,
                        topics,
                        workers,
                        office,
                        new Judge(settings.catalog(), settings.registry(), settings.group(), settings.validated()),
                        listeners,
                        System::nanoTime,
                        RandomGenerator.getDefault()));
    }

    /** A sink's jobs are long, and what is begun of a batch is not given up. */
    private int jobsAhead() {
        return settings.sink() == null ? Math.max(2, settings.workers() / 4) : 0;
    }

    private DeadLetters kafkaLetters(DeadLetterOffice.Refusals refusals) {
        return KafkaDeadLetters.connect(
                settings.kafka().deadLetterProducer(settings.deadLetterBytes()),
                settings.group(),
                settings.catalog().hash(),
                settings.deadLetterBytes(),
                settings.deadLetterProfiles(),
                settings.clock(),
                refusals);
    }

    /**
     * Starts it and blocks until {@link #close} is called elsewhere.
     *
     * @throws ConsumerStartException if no broker answers, or a topic is missing or forbidden
     * @throws ConsumerStoppedException if it stopped by itself
     */
    public void run() {
        start();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
        Throwable cause = lifecycle.cause();
        if (cause != null) {
            throw new ConsumerStoppedException("group " + settings.group() + " stopped: " + cause.getMessage(), cause);
        }
    }

    private void run(PollLoop first) {
        PollLoop current = first;
        try {
            lifecycle.move(ConsumerState.RUNNING);
            for (long since = System.nanoTime(); !consume(current); ) {
                close(current);
                current = assembleAgain(since);
                loop = current;
            }
            abandoned = current.finish(closeDeadline);
        } catch (Throwable t) {
            Throwable cause = unwrap(t);
            LOG.error("group {} stops: {}", settings.group(), cause.getMessage(), cause);
            if (!(cause instanceof ConsumerStoppedException)) {
                current.abandon();
            }
            lifecycle.stop(cause);
        } finally {
            try {
                close(current);
            } finally {
                lifecycle.move(ConsumerState.CLOSED);
                ended.countDown();
            }
        }
    }

    /** Works until it is to close; false if a static member of this name has to be waited for. */
    private boolean consume(PollLoop current) {
        try {
            current.subscribe();
            int work = 1;
            while (lifecycle.state() == ConsumerState.RUNNING) {
                work = current.doWork(work);
            }
            return true;
        } catch (UnreleasedInstanceIdException e) {
            LOG.warn(
                    "group {} still has a member of this group.instance.id, which was killed or runs elsewhere; joining"
                            + " again when its session is over",
                    settings.group());
            return false;
        }
    }

    /** That error is the end of a Kafka client, so all is made anew. */
    private PollLoop assembleAgain(long since) {
        while (true) {
            awaitRelease(since);
            try {
                return assemble();
            } catch (ConsumerStartException e) {
                if (!e.retryable() || lifecycle.state() != ConsumerState.RUNNING) {
                    throw e;
                }
                LOG.warn("group {} cannot join again yet", settings.group(), e);
            }
        }
    }

    /** Waits a moment; throws when no dead member's session can last that long. */
    private void awaitRelease(long since) {
        if (System.nanoTime() - since > LONGEST_SESSION.toNanos()) {
            throw new ConsumerStoppedException("another member of group " + settings.group()
                    + " has used this group.instance.id for " + LONGEST_SESSION
                    + ": give each process an instance id of its own");
        }
        long until = System.nanoTime() + REJOIN_PAUSE.toNanos();
        while (lifecycle.state() == ConsumerState.RUNNING && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(50_000_000L);
        }
    }

    private void close(PollLoop current) {
        current.close();
        Preflight topics = preflight;
        if (topics != null) {
            topics.close();
        }
    }

    /** Kafka wraps what a rebalance callback throws. */
    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof KafkaException && cause instanceof ConsumerStoppedException ? cause : thrown;
    }

    /** How it is. */
    public ConsumerHealth health() {
        PollLoop current = loop;
        HealthBoard.Picture picture = current == null
                ? new HealthBoard.Picture(List.of(), List.of(), null)
                : current.health().picture();
        return new ConsumerHealth(
                lifecycle.state(),
                picture.partitions(),
                picture.outages(),
                listeners.probes(),
                picture.lastCommit(),
                lifecycle.cause());
    }

    /**
     * Lets partitions go on that stopped at the {@link DeadLetterLimit}, which then counts from zero. Their next records
     * are judged by the same catalog: a mended one needs a new start, which releases them too.
     */
    public void release() {
        PollLoop current = loop;
        if (current != null) {
            current.release();
        }
    }

    /** Closes within 30 s; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(DEFAULT_CLOSE);
    }

    /**
     * Takes nothing new, finishes what is in flight in that time, commits, and leaves the group. A second call waits
     * for the first and reports the same; from a handler or a listener it only asks for the end.
     *
     * @return what was done and what was left
     */
    public CloseReport close(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        long deadline = System.nanoTime() + timeout.toNanos();
        if (lifecycle.state() != ConsumerState.CLOSING && !lifecycle.ended()) {
            closeDeadline = deadline;
        }
        if (lifecycle.state() == ConsumerState.CREATED && lifecycle.move(ConsumerState.CLOSED)) {
            ended.countDown();
        }
        lifecycle.move(ConsumerState.CLOSING);
        PollLoop current = loop;
        if (Thread.currentThread() != owner && (current == null || !current.calledByWorker())) {
            await(timeout.plusSeconds(15));
        }
        boolean drained = ended.getCount() == 0 && lifecycle.cause() == null && abandoned == 0;
        return new CloseReport(drained, listeners.processed(), listeners.deadLettered(), listeners.probes(), abandoned);
    }

    private void await(Duration longest) {
        try {
            if (!ended.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("group {} did not close within {}", settings.group(), longest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
