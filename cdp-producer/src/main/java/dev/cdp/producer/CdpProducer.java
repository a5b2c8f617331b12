package dev.cdp.producer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventIds;
import dev.cdp.core.validation.EventValidator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the events of a catalog to Kafka: one Kafka producer for an application, any number of publishers. An event
 * is validated before it is sent, so what is invalid never reaches its topic. Any thread may call it.
 */
public final class CdpProducer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CdpProducer.class);
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final Catalog catalog;
    private final ProducerOptions options;
    private final Cluster cluster;
    private final Producer<byte[], byte[]> kafka;
    private final PublishSession session;
    private final EventValidator validator;
    private final InvalidEvents invalidEvents;
    private final Dispatch sender;
    private final PublishPath path;
    private final @Nullable SpoolSender spool;
    private final @Nullable Transactions transactions;
    private final @Nullable CompletionThread ownThread;
    private final Map<String, EventPublisher<byte[]>> jsonPublishers = new ConcurrentHashMap<>();
    private final @Nullable Thread exitHook;
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

    CdpProducer(Catalog catalog, ProducerOptions options) {
        SpoolOptions spooling = options.spoolOrNull();
        Map<String, Object> settings = spooling == null
                ? KafkaSettings.producer(options.kafka(), options.bufferMemory())
                : KafkaSettings.spooled(options.kafka(), options.bufferMemory());
        this.catalog = catalog;
        this.options = options;
        this.cluster = Cluster.connect(
                settings,
                catalog.topics(),
                options.connectTimeout(),
                spooling == null ? Cluster.Need.NOW : Cluster.Need.LATER);
        this.kafka = kafka(settings);
        this.ownThread = options.executorOrNull() == null ? new CompletionThread() : null;
        Executor executor = ownThread != null ? ownThread : Objects.requireNonNull(options.executorOrNull());
        Listeners listeners = new Listeners(options.listeners());
        this.session = new PublishSession(
                options.bufferMemory(), KafkaSettings.deliveryTimeout(settings), executor, listeners);
        this.validator = EventValidator.of(catalog);
        this.invalidEvents = new InvalidEvents(catalog, validator, options.onInvalid(), listeners);
        Envelope.Maker envelopes = new Envelope.Maker(catalog, EventIds.system(), options.clock());
        this.spool = spooling == null ? null : startSpool(spooling, kafka, session);
        this.sender = spool == null ? new RecordSender(kafka, session) : spool;
        this.path = new PublishPath(options.interceptors(), invalidEvents, envelopes, sender, session);
        String transactionalId = options.transactionalIdOrNull();
        InvalidEvents rejecting = invalidEvents.withoutQuarantine();
        this.transactions = transactionalId == null
                ? null
                : new Transactions(
                        KafkaSettings.transactional(options.kafka(), options.bufferMemory(), transactionalId),
                        session,
                        other -> new PublishPath(options.interceptors(), rejecting, envelopes, other, session),
                        options.maxBlock(),
                        options.connectTimeout());
        Duration closeAtExit = options.closeAtExitOrNull();
        this.exitHook = closeAtExit == null ? null : hooked(closeAtExit);
    }

    private Thread hooked(Duration timeout) {
        Thread hook = new Thread(() -> close(timeout), "cdp-producer-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    /**
     * Connects to a cluster, with every option at its default.
     *
     * @param kafkaProperties the properties of Kafka's producer; those that would break a guarantee are refused
     * @throws InvalidOptionException if a property is missing or refused
     * @throws BrokerUnavailableException if no broker answers within 30 s, or connections are refused
     */
    public static CdpProducer connect(Catalog catalog, Map<String, Object> kafkaProperties) {
        return builder(catalog).kafka(kafkaProperties).connect();
    }

    /** A builder with every option at its default; it needs Kafka's properties. */
    public static ProducerBuilder builder(Catalog catalog) {
        return new ProducerBuilder(Objects.requireNonNull(catalog, "catalog"));
    }

    private static Producer<byte[], byte[]> kafka(Map<String, Object> settings) {
        try {
            return new KafkaProducer<>(settings);
        } catch (KafkaException e) {
            throw new InvalidOptionException(
                    "Kafka's producer does not take the properties ("
                            + e.getClass().getSimpleName() + "); its message is the cause of this exception",
                    e);
        }
    }

    /** A producer that gets no spool leaves no Kafka producer behind. */
    private static SpoolSender startSpool(
            SpoolOptions options, Producer<byte[], byte[]> kafka, PublishSession session) {
        try {
            return SpoolSender.start(options, kafka, session);
        } catch (RuntimeException e) {
            kafka.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * The publisher of the event that a class carries: its {@link dev.cdp.core.event.EventType}, else its own name in
     * snake_case. Checks, once, that the class can fit the event's schema and that the topic is there.
     *
     * @throws EventMismatchException if the catalog has no such event, or its schema would refuse every such object
     * @throws TopicMissingException if the event's topic does not exist
     */
    public <T> EventPublisher<T> publisher(Class<T> type) {
        String name = EventBinding.eventType(Objects.requireNonNull(type, "type"));
        EventDefinition event = event(name, " for " + type.getName() + "; name it by @EventType");
        EventBinding<T> binding = EventBinding.of(type);
        List<String> mismatches = event.schema().mismatches(binding);
        if (!mismatches.isEmpty()) {
            throw new EventMismatchException(
                    type.getName() + " cannot be published as " + event.name() + " version " + event.version() + ":",
                    mismatches);
        }
        return publisher(event, payload -> binding.write(type.cast(payload)));
    }

    /**
     * The publisher of an event whose payloads are JSON already, UTF-8. They are validated and sent as they are.
     *
     * @throws EventMismatchException if the catalog has no such event
     * @throws TopicMissingException if the event's topic does not exist
     */
    public EventPublisher<byte[]> jsonPublisher(String event) {
        Objects.requireNonNull(event, "event");
        EventPublisher<byte[]> known = jsonPublishers.get(event);
        if (known == null) {
            known = publisher(event(event, ""), byte[].class::cast);
            jsonPublishers.put(event, known);
        }
        return known;
    }

    /**
     * Publishes a payload of JSON, UTF-8, as {@link #jsonPublisher} does; an event that the catalog does not have is
     * rejected, and one whose topic does not exist fails.
     */
    public CompletableFuture<Published> publishJson(String event, byte[] json) {
        return publishJson(event, json, PublishOptions.none());
    }

    /** Publishes a payload of JSON with options. */
    public CompletableFuture<Published> publishJson(String event, byte[] json, PublishOptions publishOptions) {
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(publishOptions, "options");
        try {
            if (!jsonPublishers.containsKey(event)) {
                catalog.event(event).ifPresent(known -> cluster.requireTopicOften(known.topic(), known));
            }
            return jsonPublisher(event).publish(json, publishOptions);
        } catch (EventMismatchException e) {
            return session.refused(
                    event, Outcome.REJECTED, new InvalidEventException(event, validator.validate(event, json)));
        } catch (TopicMissingException | BrokerUnavailableException e) {
            return session.refused(event, Outcome.FAILED, KafkaAnswers.noTopic(event, e));
        }
    }

    /**
     * Publishes a tombstone: a record without a value, by which a compacted topic forgets the events of a key. It is
     * validated by nothing and passes no interceptor; readers of events skip it.
     *
     * @throws EventMismatchException if the catalog has no such event
     * @throws TopicMissingException if the event's topic does not exist
     */
    public CompletableFuture<Published> publishTombstone(String event, String key) {
        EventDefinition definition = event(Objects.requireNonNull(event, "event"), "");
        PublishOptions keyed = PublishOptions.builder().key(key).build();
        session.requireOpen();
        cluster.requireTopic(definition.topic(), definition);
        return path.delete(definition, keyed, options.maxBlock());
    }

    /**
     * Publishes several events all or nothing: consumers that read committed records, as cdp's do, see every one of them
     * or none. Returns when the transaction is committed, with where its events are. Whatever goes wrong before the
     * commit aborts it, and what the body throws is thrown on. Transactions of one producer run one after another, and
     * their events hold its memory until the end.
     *
     * @param body publishes the events; see {@link Transaction}
     * @throws InvalidOptionException if the producer has no transactional id
     * @throws InvalidEventException if an event was rejected: none is visible
     * @throws PublishFailedException if it was aborted, or could not begin: none is visible, ever
     * @throws TransactionUncertainException if the commit was asked for and no answer came: all are visible, or none
     */
    public List<Published> transaction(Consumer<Transaction> body) {
        Objects.requireNonNull(body, "body");
        if (transactions == null) {
            throw new InvalidOptionException("transactionalId: transactions need one; give each instance of the"
                    + " application an id of its own, the same after a restart, by"
                    + " CdpProducer.builder(catalog).transactionalId(…)");
        }
        return transactions.run(body);
    }

    /**
     * Tests the connection to every topic of the catalog, as {@link #probe(String)} does for one. Completes when each
     * probe is acknowledged, or exceptionally as one that is not.
     */
    public CompletableFuture<List<Published>> probe() {
        List<CompletableFuture<Published>> probes =
                catalog.topics().stream().map(this::probe).toList();
        return CompletableFuture.allOf(probes.toArray(CompletableFuture[]::new))
                .thenApply(all -> probes.stream().map(CompletableFuture::join).toList());
    }

    /**
     * Tests the connection to a topic of the catalog by a record of type {@code cdp.probe}, which consumers count and
     * give to no handler, sink or dead letter topic. It is counted as an event of that name, passes no interceptor, and
     * fails where the topic does not exist.
     *
     * @throws EventMismatchException if no event of the catalog is published to that topic
     */
    public CompletableFuture<Published> probe(String topic) {
        List<EventDefinition> events = catalog.eventsOn(Objects.requireNonNull(topic, "topic"));
        if (events.isEmpty()) {
            throw new EventMismatchException(
                    "a probe goes to a topic of the catalog '" + catalog.name() + "', and '" + topic
                            + "' is none; expected one of " + catalog.topics(),
                    List.of());
        }
        try {
            cluster.requireTopic(topic, events.get(0));
        } catch (TopicMissingException | BrokerUnavailableException e) {
            return session.refused(
                    CloudEvents.PROBE_TYPE, Outcome.FAILED, KafkaAnswers.noTopic(CloudEvents.PROBE_TYPE, e));
        }
        return path.probe(topic, options.maxBlock());
    }

    private <T> EventPublisher<T> publisher(EventDefinition event, Function<Object, byte[]> encoder) {
        session.requireOpen();
        cluster.requireTopic(event.topic(), event);
        if (invalidEvents.policy(event) == OnInvalid.QUARANTINE) {
            cluster.requireTopic(event.deadLetterTopic(), event);
        }
        sender.learn(event.topic(), Patience.of(options.maxBlock(), session::abandoning));
        return new KafkaEventPublisher<>(event, encoder, path, options.maxBlock());
    }

    private EventDefinition event(String name, String of) {
        return catalog.event(name)
                .orElseThrow(() -> new EventMismatchException(
                        "the catalog '" + catalog.name() + "' has no event '" + name + "'" + catalog.didYouMean(name)
                                + of,
                        List.of()));
    }

    /**
     * A barrier: sends at once what waits to fill a batch, and returns when the future of every event that was offered
     * before has completed, those of an open transaction aside.
     */
    public void flush() {
        try {
            if (spool != null) {
                spool.awaitSettled(Patience.of(Duration.ofSeconds(Long.MAX_VALUE)));
            }
            flushKafka();
            session.completions().await(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Kafka's own flush would wait for ever in the state in which {@link FirstAnswer} settles events. */
    private void flushKafka() throws InterruptedException {
        FirstAnswer first = session.firstAnswer();
        long now = System.nanoTime();
        if (first.hasCome()) {
            kafka.flush();
            return;
        }
        if (first.nothingWaitsSince(now)) {
            return;
        }
        CompletableFuture<Void> flushed = CompletableFuture.runAsync(kafka::flush, CdpProducer::startThread);
        while (!flushed.isDone() && !first.nothingWaitsSince(now)) {
            try {
                flushed.get(5, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Looks again whether anything is left to wait for.
            } catch (ExecutionException e) {
                throw new KafkaException("flush failed", e.getCause());
            }
        }
    }

    /** What the spool holds; empty for a producer without one. */
    public Optional<SpoolState> spoolState() {
        return spool == null ? Optional.empty() : Optional.of(spool.state());
    }

    /** Closes with 30 seconds for what is on its way. */
    @Override
    public void close() {
        close(CLOSE);
    }

    /**
     * Takes no more events, waits for those on their way, and tells what became of all that were ever offered. What is
     * left when the time is over is abandoned: its future completes as failed or uncertain. A second call waits for the
     * first and gives the same report. An interrupt ends the waiting as the timeout does; the report is exact, and the
     * thread stays interrupted.
     *
     * @param timeout how long to wait
     */
    public CloseReport close(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        Patience patience = Patience.of(timeout);
        if (!session.beginClosing()) {
            return closed.join();
        }
        session.awaitPublishers(patience);
        if (transactions != null) {
            transactions.awaitEnd(patience);
        }
        drain(patience);
        boolean interrupted = Thread.interrupted(); // ends the waiting, and not the accounting
        session.abandon();
        if (spool != null) {
            spool.stop();
        }
        closeKafka();
        session.awaitPublishers(Patience.of(CLOSE));
        if (transactions != null) {
            transactions.close();
        }
        if (spool != null) {
            spool.close();
        }
        completeAll(patience);
        CloseReport report = session.report();
        if (report.abandoned() > 0) {
            LOG.warn("closed before everything had left: {}", report);
        }
        closed.complete(report);
        unhook();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    /** A closed producer needs no hook, which would keep it in memory; while the JVM exits none can be taken back. */
    private void unhook() {
        if (exitHook != null && Thread.currentThread() != exitHook) {
            try {
                Runtime.getRuntime().removeShutdownHook(exitHook);
            } catch (IllegalStateException e) {
                LOG.debug("closed while the JVM exits", e);
            }
        }
    }

    /** Waits until what Kafka has taken is settled, or the patience ends. */
    private void drain(Patience patience) {
        CompletableFuture<Void> flushed = CompletableFuture.runAsync(kafka::flush, CdpProducer::startThread);
        try {
            if (spool != null) {
                spool.awaitSettled(patience);
            }
            flushed.get(patience.leftNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("not everything could be sent before the close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "cdp-producer-flush");
        thread.setDaemon(true);
        thread.start();
    }

    /** By now nothing is on its way, or it is abandoned. A timeout here may make Kafka wait for ever: decision 0012. */
    private void closeKafka() {
        try {
            kafka.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOG.warn("closing Kafka's producer failed", e);
        }
    }

    private void completeAll(Patience patience) {
        try {
            session.completions().await(Math.max(patience.leftNanos(), TimeUnit.SECONDS.toNanos(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        session.completions().runAll();
        if (ownThread != null) {
            ownThread.stop();
        }
    }
}
