package dev.cdp.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterRecords;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.consumer.dlq.KafkaDeadLetters;
import dev.cdp.core.catalog.Catalog;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
    private static final Duration LAST_LETTERS = Duration.ofSeconds(2);
    private static final Duration LEAST_LETTERS = Duration.ofMillis(100);
    private static final Duration LONGEST_SESSION = Duration.ofMinutes(5);
    private static final Duration REJOIN_PAUSE = Duration.ofSeconds(1);

    private volatile ConsumerSettings settings;
    private final Clients clients;
    private final Listeners listeners;
    private final Lifecycle lifecycle;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable PollLoop loop;
    private volatile @Nullable Preflight preflight;
    private volatile @Nullable Thread owner;
    /** The broker that a start waits for. */
    private volatile @Nullable Outage awaited;

    /** Whether its topics are asked for, which a close does not wait for. */
    private volatile boolean assembling;

    private final AtomicReference<@Nullable Catalog> nextCatalog = new AtomicReference<>();
    private final AtomicReference<@Nullable CloseTimes> closing = new AtomicReference<>();
    private volatile int abandoned;

    ResilientConsumer(ConsumerSettings settings, List<ConsumerListener> listeners, Clients clients) {
        this.settings = settings;
        this.clients = clients;
        this.listeners = new Listeners(listeners);
        this.lifecycle = new Lifecycle(state -> this.listeners.tell(listener -> listener.stateChanged(state)));
    }

    /** Starts to describe a consumer of the events of a catalog. */
    public static ConsumerBuilder builder(Catalog catalog) {
        return new ConsumerBuilder(catalog, Clients.KAFKA);
    }

    /** How Kafka's clients are made of their properties. */
    record Clients(
            Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {

        static final Clients KAFKA = new Clients(
                properties -> new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                properties -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /**
     * Starts it and returns when a broker has answered; at once where the consumer
     * {@linkplain ConsumerBuilder#startWithoutBroker() starts without one}.
     *
     * @throws ConsumerStartException if no broker answers, or a topic is missing or forbidden
     */
    public void start() {
        if (!lifecycle.move(ConsumerState.STARTING)) {
            throw new IllegalStateException("a consumer is started once; this one is " + lifecycle.state());
        }
        try {
            PollLoop started = settings.firstAnswer().forever() ? null : assemble();
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
        Preflight topics = preflight();
        try {
            preflight = topics;
            assembling = true;
            if (lifecycle.state() == ConsumerState.CLOSING) {
                throw new ConsumerStartException("group " + settings.group() + " is closed before it has started");
            }
            check(topics, settings);
            return connect(topics, new DeadLetterRoutes(settings.catalog(), settings.topics()));
        } catch (KafkaException e) {
            topics.close();
            throw Preflight.noClient("consumer", settings.kafka(), e);
        } catch (RuntimeException | Error e) {
            topics.close();
            throw e;
        } finally {
            assembling = false;
        }
    }

    private Preflight preflight() {
        return Preflight.connect(settings.kafka(), settings.firstAnswer().timeout());
    }

    private static void check(Preflight topics, ConsumerSettings settings) {
        ConsumerSettings.Transactions transactions = settings.transactions();
        RetryTopics retries = settings.retryTopics();
        topics.check(
                settings.topics(),
                settings.deadLetters() == null
                        ? new DeadLetterRoutes(settings.catalog(), settings.topics()).all()
                        : Map.of(),
                transactions == null ? Set.of() : OutputEncoder.topics(settings.catalog(), transactions.outputs()),
                retries == null ? Map.of() : retries.all(),
                retries == null ? Duration.ZERO : retries.longest(),
                settings.deadLetterTopics());
    }

    private PollLoop connect(Preflight topics, DeadLetterRoutes routes) {
        Consumer<byte[], byte[]> client =
                clients.consumers.apply(settings.kafka().consumer());
        Executor executor = settings.executor();
        Workers workers = executor == null
                ? Workers.threads(settings.group(), settings.workers(), jobsAhead())
                : Workers.on(executor, settings.workers(), new Outcomes());
        DeadLetterOffice.Refusals refusals = new DeadLetterOffice.Refusals();
        KafkaDeadLetters kafka = kafkaLetters(refusals);
        DeadLetters own = settings.deadLetters();
        DeadLetters letters = own == null ? kafka : new Lent(own, kafka);
        DeadLetterOffice office =
                new DeadLetterOffice(routes, settings.retryTopics(), letters, kafka::forward, refusals, workers);
        return new PollLoop(
                settings,
                new PollLoop.Surroundings(
                        client,
                        route(client),
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

    /** Dead letters of the application's, which outlive a loop. */
    private record Lent(DeadLetters to, KafkaDeadLetters retries) implements DeadLetters {

        @Override
        public CompletionStage<Void> send(DeadLetter letter) {
            return to.send(letter);
        }

        @Override
        public void close(Duration timeout) {
            retries.close(timeout);
        }
    }

    private CommitRoute route(Consumer<byte[], byte[]> client) {
        ConsumerSettings.Transactions transactions = settings.transactions();
        if (transactions == null) {
            return new GroupCommits(client);
        }
        Map<String, Object> properties =
                settings.kafka().transactionalProducer(transactions.id(), settings.deadLetterBytes());
        Transactor transactor = new Transactor(
                transactions.id(),
                () -> clients.producers.apply(properties),
                letterRecords(),
                settings.kafka().transactionTimeout(),
                System::nanoTime,
                Transactor.thread(transactions.id()));
        return new TransactionCommits(transactor, client::groupMetadata, transactions.id(), System::nanoTime);
    }

    private KafkaDeadLetters kafkaLetters(DeadLetterOffice.Refusals refusals) {
        Map<String, Object> properties = settings.kafka().deadLetterProducer(settings.deadLetterBytes());
        return KafkaDeadLetters.connect(
                () -> clients.producers.apply(properties), letterRecords(), settings.group(), refusals);
    }

    private DeadLetterRecords letterRecords() {
        return new DeadLetterRecords(
                settings.group(),
                settings.catalog().hash(),
                settings.deadLetterBytes(),
                settings.deadLetterProfiles(),
                settings.clock());
    }

    /**
     * Starts it and blocks until {@link #close} is called elsewhere. Where its thread is interrupted it closes, and returns
     * when that is over.
     *
     * @throws ConsumerStartException if no broker answers, or a topic is missing or forbidden
     * @throws ConsumerStoppedException if it stopped by itself
     */
    public void run() {
        start();
        try {
            ended.await();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
        }
        Throwable cause = lifecycle.cause();
        if (cause != null) {
            throw new ConsumerStoppedException("group " + settings.group() + " stopped: " + cause.getMessage(), cause);
        }
    }

    private void run(@Nullable PollLoop first) {
        PollLoop current = first;
        try {
            if (current == null) {
                current = assembleWhenThere();
                loop = current;
            }
            lifecycle.move(ConsumerState.RUNNING);
            for (long since = System.nanoTime(); !consume(current); loop = current) {
                Catalog next = nextCatalog.getAndSet(null);
                int unfinished = next == null ? 0 : leave(current, next);
                close(current);
                current = null;
                if (lifecycle.state() != ConsumerState.RUNNING) {
                    abandoned = unfinished;
                    return;
                }
                current = assembleAgain(next == null ? since : System.nanoTime());
            }
            abandoned = current.finish(closeTimes());
        } catch (Throwable t) {
            Throwable cause = unwrap(t);
            if (current == null && lifecycle.state() == ConsumerState.CLOSING) {
                LOG.info("group {} is closed before it has joined", settings.group());
            } else {
                LOG.error("group {} stops: {}", settings.group(), cause.getMessage(), cause);
                if (current != null && !(cause instanceof ConsumerStoppedException)) {
                    current.abandon();
                }
                lifecycle.stop(cause);
            }
        } finally {
            try {
                if (current != null) {
                    close(current);
                }
                DeadLetters own = settings.deadLetters();
                if (own != null) {
                    CloseTimes times = closing.get();
                    own.close(
                            times == null
                                    ? LAST_LETTERS
                                    : CloseTimes.rest(times.end(), System.nanoTime(), LEAST_LETTERS));
                }
            } finally {
                lifecycle.move(ConsumerState.CLOSED);
                ended.countDown();
            }
        }
    }

    /** Repeats the start until a broker answers; it is an outage until then. */
    private PollLoop assembleWhenThere() {
        Outage outage = null;
        while (true) {
            try {
                PollLoop assembled = assemble();
                if (outage != null) {
                    Outage over = outage;
                    awaited = null;
                    listeners.tell(listener -> listener.outageEnded(over));
                }
                return assembled;
            } catch (ConsumerStartException e) {
                if (!e.retryable() || lifecycle.state() != ConsumerState.STARTING) {
                    throw e;
                }
                if (outage == null) {
                    LOG.warn("group {} waits for its broker: {}", settings.group(), e.getMessage());
                    Outage began = new Outage(
                            "Kafka at " + settings.kafka().bootstrapServers(),
                            settings.clock().instant(),
                            String.valueOf(e.getMessage()));
                    outage = began;
                    awaited = began;
                    listeners.tell(listener -> listener.outageBegan(began));
                }
            }
            pause(ConsumerState.STARTING);
        }
    }

    /** Waits a moment, less where the state changes. */
    private void pause(ConsumerState during) {
        long until = System.nanoTime() + REJOIN_PAUSE.toNanos();
        while (lifecycle.state() == during && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(50_000_000L);
        }
    }

    /** Works until it is to close; false if it has to be recreated, for a catalog or for a static member of its name. */
    private boolean consume(PollLoop current) {
        try {
            current.subscribe();
            int work = 1;
            while (lifecycle.state() == ConsumerState.RUNNING && nextCatalog.get() == null) {
                work = current.doWork(work);
            }
            return lifecycle.state() != ConsumerState.RUNNING;
        } catch (UnreleasedInstanceIdException e) {
            LOG.warn(
                    "group {} still has a member of this group.instance.id, which was killed or runs elsewhere; joining"
                            + " again when its session is over",
                    settings.group());
            return false;
        }
    }

    /** What is in work ends by the old catalog and is committed; all else is read again and judged by the next. */
    private int leave(PollLoop current, Catalog next) {
        LOG.info("group {} goes on with catalog {}", settings.group(), next.hash());
        settings = settings.with(next);
        int unfinished = current.finish(CloseTimes.of(System.nanoTime(), CloseTimes.DEFAULT));
        if (unfinished > 0) {
            LOG.warn("{} records were still in work and are delivered again", unfinished);
        }
        return unfinished;
    }

    /** Of the first call of {@link #close}. */
    private CloseTimes closeTimes() {
        return Objects.requireNonNull(closing.get());
    }

    /** That error is the end of a Kafka client, so all is recreated. */
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
        pause(ConsumerState.RUNNING);
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
        Outage outage = awaited;
        HealthBoard.Picture picture = current == null
                ? new HealthBoard.Picture(List.of(), outage == null ? List.of() : List.of(outage), null)
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
     * are judged by the same catalog; with a fixed one, see {@link #replaceCatalog}.
     */
    public void release() {
        PollLoop current = loop;
        if (current != null) {
            current.release();
        }
    }

    /**
     * Goes on with another catalog, which also lets partitions go on that stopped at the {@link DeadLetterLimit}. What
     * handlers are at ends by the old one and is committed; then the consumer leaves the group and joins again, and judges
     * every record that is not settled by the new one. It returns before that; of several calls the last one stands. Redrive
     * what the old one dead-lettered.
     *
     * @throws IllegalArgumentException if the catalog lacks an event of a handler, or an output; nothing has changed then
     * @throws ConsumerStartException if a topic that the catalog names is missing or forbidden; nothing has changed then
     * @throws IllegalStateException if the consumer does not run, or has a sink: the plans of its batches name the catalog
     *     that judged them, so it takes another one at a start
     */
    public void replaceCatalog(Catalog fixed) {
        Objects.requireNonNull(fixed, "fixed");
        if (settings.sink() != null) {
            throw new IllegalStateException("a sink's batches are planned by one catalog; release() it, or start group "
                    + settings.group() + " again with the other catalog");
        }
        if (lifecycle.state() != ConsumerState.RUNNING) {
            throw new IllegalStateException("group " + settings.group() + " is " + lifecycle.state()
                    + "; its catalog is replaced while it is RUNNING");
        }
        ConsumerBuilder.checkEvents(
                fixed, settings.topics(), settings.handlers().bindings());
        // By a client of its own: the consumer's is another one soon, if a call before this is still to be done.
        try (Preflight topics = preflight()) {
            check(topics, settings.with(fixed));
        }
        nextCatalog.set(fixed);
    }

    /** Closes within 20 s; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(CloseTimes.DEFAULT);
    }

    /**
     * Takes nothing new, finishes what is in flight, commits, and leaves the group; it returns at most a second after that
     * time, whatever hangs. The last quarter of the time, at most 2 s, is for the end: handlers and sinks that still run then
     * are interrupted, unless they run on an {@link ConsumerBuilder#executor} of the application's, and their records are
     * delivered again. A second call waits for the first and reports the same; from a handler or a listener it only asks for
     * the end. A thread that is interrupted waits all the same, and is still interrupted afterwards.
     *
     * @return what was done and what was left
     */
    public CloseReport close(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        CloseTimes times = CloseTimes.of(System.nanoTime(), timeout);
        boolean first = closing.compareAndSet(null, times);
        if (lifecycle.state() == ConsumerState.CREATED && lifecycle.move(ConsumerState.CLOSED)) {
            ended.countDown();
        }
        lifecycle.move(ConsumerState.CLOSING);
        PollLoop current = loop;
        if (first && current != null) {
            current.endBy(times);
        }
        Preflight asking = preflight;
        if (assembling && asking != null) {
            asking.close(); // what is asked ends without an answer
        }
        if (Thread.currentThread() != owner && (current == null || !current.calledByWorker())) {
            await(timeout.plus(CloseTimes.GRACE));
        }
        boolean drained = ended.getCount() == 0 && lifecycle.cause() == null && abandoned == 0;
        return new CloseReport(drained, listeners.processed(), listeners.deadLettered(), listeners.probes(), abandoned);
    }

    /** Waits for the end, also in a thread that is interrupted: what is in flight would be given up for nothing. */
    private void await(Duration longest) {
        long until = System.nanoTime() + longest.toNanos();
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                over = true;
                if (!ended.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    LOG.warn("group {} did not close within {}", settings.group(), longest);
                }
            } catch (InterruptedException e) {
                interrupted = true;
                over = false;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
