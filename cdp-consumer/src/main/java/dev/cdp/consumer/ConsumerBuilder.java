package dev.cdp.consumer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

import dev.cdp.consumer.dlq.DeadLetterProfile;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.registry.SchemaRegistry;
import dev.cdp.core.sink.EventSink;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link ResilientConsumer}: Kafka, a group, topics, and either handlers or a sink. Not thread-safe.
 */
public final class ConsumerBuilder {

    private final Catalog catalog;
    private final ResilientConsumer.Clients clients;
    private final Set<String> topics = new LinkedHashSet<>();
    private final Map<String, HandlerBinding<?>> handlers = new LinkedHashMap<>();
    private final List<ConsumerListener> listeners = new ArrayList<>();
    private Fallback withoutHandler = Fallback.IGNORE;
    private Fallback unknownEvents = Fallback.DEAD_LETTER;
    private boolean validated = true;
    private @Nullable SeenEvents seen;
    private Map<String, Object> kafka = Map.of();
    private String group = "";
    private @Nullable EventSink sink;
    private @Nullable SchemaRegistry registry;
    private Ordering ordering = Ordering.PARTITION;
    private ErrorTable errors = ErrorTable.DEFAULT;
    private RetryPolicy retry = RetryPolicy.exponential(5, Duration.ofMillis(200));
    private BatchLimits batches = BatchLimits.DEFAULT;
    private int replay;
    private ForeignOffsets foreignOffsets = ForeignOffsets.STOP;
    private int workers = Math.max(4, Runtime.getRuntime().availableProcessors());
    private @Nullable Executor executor;
    private @Nullable Duration commitInterval;
    private int commitRecords = 10_000;
    private int bufferedRecords = 1_000;
    private long bufferedBytes = 128L << 20;
    private Duration stallAfter = Duration.ofMinutes(1);
    private @Nullable DeadLetterLimit deadLetterLimit = DeadLetterLimit.DEFAULT;
    private DeadLetterTopics deadLetterTopics = DeadLetterTopics.REQUIRE;
    private int deadLetterBytes = 1_000_000;
    private Set<DeadLetterProfile> deadLetterProfiles = Set.of();
    private @Nullable String transactionalId;
    private final Set<Class<?>> outputs = new LinkedHashSet<>();
    private boolean transforms;
    private boolean retryTopics;
    private @Nullable DeadLetters deadLetters;
    private Duration connectTimeout = BootstrapServers.DEFAULT_TIMEOUT;
    private boolean startsWithoutBroker;
    private InstantSource clock = InstantSource.system();

    /** A builder of consumers that have Kafka consumers made by a test. */
    ConsumerBuilder(Catalog catalog, Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers) {
        this(catalog, new ResilientConsumer.Clients(consumers, ResilientConsumer.Clients.KAFKA.producers()));
    }

    ConsumerBuilder(Catalog catalog, ResilientConsumer.Clients clients) {
        this.catalog = Objects.requireNonNull(catalog, "catalog");
        this.clients = clients;
    }

    /**
     * Kafka consumer properties, passed through untouched; {@code bootstrap.servers} is required. What would break a
     * promise is refused: auto-commit, deserializers, another group. {@code auto.offset.reset} is {@code earliest} and
     * {@code isolation.level} is {@code read_committed} unless they are given.
     */
    public ConsumerBuilder kafka(Map<String, Object> properties) {
        kafka = Map.copyOf(properties);
        return this;
    }

    /** The consumer group. */
    public ConsumerBuilder group(String name) {
        group = Objects.requireNonNull(name, "group");
        return this;
    }

    /** Topics to read. */
    public ConsumerBuilder topics(String... names) {
        return topics(Arrays.asList(names));
    }

    /** Topics to read. */
    public ConsumerBuilder topics(Collection<String> names) {
        topics.addAll(names);
        return this;
    }

    /** The handler of the event that a class carries. */
    public <T> ConsumerBuilder handle(Class<T> type, EventHandler<T> handler) {
        Objects.requireNonNull(handler, "handler");
        EventBinding<T> binding = EventBinding.of(Objects.requireNonNull(type, "type"));
        return bind(EventBinding.eventType(type), HandlerBinding.single(binding, handler));
    }

    /**
     * The handler of an event that wants no object: its payload is the JSON as it came, not a copy.
     *
     * @param event the event's name in the catalog
     */
    public ConsumerBuilder handleJson(String event, EventHandler<byte[]> handler) {
        Objects.requireNonNull(handler, "handler");
        return bind(Objects.requireNonNull(event, "event"), HandlerBinding.json(handler));
    }

    /**
     * The handler of the event that a class carries, for up to that many at once, 1 to 10,000: what is there when a
     * worker is free, waiting for no more.
     */
    public <T> ConsumerBuilder handleBatch(Class<T> type, int most, BatchHandler<T> handler) {
        Objects.requireNonNull(handler, "handler");
        inRange("most", most, 1, 10_000);
        EventBinding<T> binding = EventBinding.of(Objects.requireNonNull(type, "type"));
        return bind(EventBinding.eventType(type), HandlerBinding.batch(binding, handler, most));
    }

    /**
     * The handler of the event that a class carries, which makes other events of it. Those are published exactly once; it
     * needs {@link #transactionalId} and {@link #emits}.
     */
    public <T> ConsumerBuilder transform(Class<T> type, TransformHandler<T> handler) {
        Objects.requireNonNull(handler, "handler");
        transforms = true;
        EventBinding<T> binding = EventBinding.of(Objects.requireNonNull(type, "type"));
        return bind(EventBinding.eventType(type), HandlerBinding.transform(binding, handler));
    }

    /** The classes of events that {@link #transform} handlers emit; each has to fit its schema. */
    public ConsumerBuilder emits(Class<?>... types) {
        outputs.addAll(Arrays.asList(types));
        return this;
    }

    /**
     * Makes every commit a Kafka transaction: outputs of handlers, dead letters and offsets are visible all or nothing, to
     * consumers that read committed records. For handlers, not for a sink, whose batches have a way of their own.
     *
     * @param id of one instance of the application alone, and the same after its restart. The younger of two with the
     *     same id takes over, and the older one stops
     */
    public ConsumerBuilder transactionalId(String id) {
        Objects.requireNonNull(id, "transactionalId");
        if (id.isBlank()) {
            throw new IllegalArgumentException("transactionalId must not be blank");
        }
        transactionalId = id;
        return this;
    }

    private ConsumerBuilder bind(String event, HandlerBinding<?> binding) {
        if (handlers.put(event, binding) != null) {
            throw new IllegalArgumentException("event '" + event + "' has two handlers; it can have one");
        }
        return this;
    }

    /** What becomes of an event of the catalog that has no handler; {@code IGNORE} by default. */
    public ConsumerBuilder eventsWithoutHandler(Fallback fallback) {
        withoutHandler = Objects.requireNonNull(fallback, "fallback");
        return this;
    }

    /** What becomes of a record that names no event of the catalog, for handlers; {@code DEAD_LETTER} by default. */
    public ConsumerBuilder unknownEvents(Fallback fallback) {
        unknownEvents = Objects.requireNonNull(fallback, "fallback");
        return this;
    }

    /**
     * Passes over an event whose source and id were processed in this process within a window: what an application
     * published twice, or what comes again after a rebalance. Two that are in work at the same moment are both handled.
     *
     * @param window 1 ms to 7 days
     * @param most how many ids are kept, about 150 bytes each; 1 to 10,000,000
     */
    public ConsumerBuilder deduplicate(Duration window, int most) {
        if (window.compareTo(Duration.ofMillis(1)) < 0 || window.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("window must be 1 ms to 7 days, not " + window);
        }
        seen = new SeenEvents(window, inRange("most", most, 1, 10_000_000));
        return this;
    }

    /**
     * Gives handlers what records hold without asking their schemas: for topics that only cdp's producer writes to, which
     * has asked already. Records that name no event of the catalog are still dead letters.
     */
    public ConsumerBuilder noValidation() {
        validated = false;
        return this;
    }

    /** The sink that stores every event, in planned batches. */
    public ConsumerBuilder sink(EventSink store) {
        sink = Objects.requireNonNull(store, "sink");
        return this;
    }

    /** Who knows the schema ids that records of others carry; without one such records are {@code UNDECODABLE}. */
    public ConsumerBuilder registry(SchemaRegistry schemas) {
        registry = Objects.requireNonNull(schemas, "registry");
        return this;
    }

    /** Which records handlers see in order; {@link Ordering#PARTITION} by default. A sink is always by partition. */
    public ConsumerBuilder ordering(Ordering order) {
        ordering = Objects.requireNonNull(order, "ordering");
        return this;
    }

    /** What the exceptions of handlers mean; {@link ErrorTable#DEFAULT} by default. */
    public ConsumerBuilder errors(ErrorTable table) {
        errors = Objects.requireNonNull(table, "errors");
        return this;
    }

    /** How often a handler is tried; five times by default, first after 200 ms. A sink is tried for ever. */
    public ConsumerBuilder retry(RetryPolicy policy) {
        retry = Objects.requireNonNull(policy, "retry");
        return this;
    }

    /**
     * Lets a record that failed wait for its next attempt in a topic, {@code retry.GROUP.TOPIC}, and not in memory, so that
     * however many wait, nothing is held up. Only for {@code ordering(NONE)}: it is overtaken by the records behind it.
     * The topics have to exist, or are created as those of dead letters are.
     */
    public ConsumerBuilder retryTopics() {
        retryTopics = true;
        return this;
    }

    /** When gathered records become a batch for the sink; {@link BatchLimits#DEFAULT} by default. */
    public ConsumerBuilder batches(BatchLimits limits) {
        batches = Objects.requireNonNull(limits, "batches");
        return this;
    }

    /** A number to raise when rows are wanted in the sink once more; 0 by default. */
    public ConsumerBuilder replay(int number) {
        replay = inRange("replay", number, 0, 1_000_000);
        return this;
    }

    /** What to do with a committed offset that carries no plan of this sink; {@code STOP} by default. */
    public ConsumerBuilder foreignOffsets(ForeignOffsets policy) {
        foreignOffsets = Objects.requireNonNull(policy, "foreignOffsets");
        return this;
    }

    /**
     * How many records are decoded, validated, handled and written at once; 1 to 10,000, by default one a processor and
     * at least 4. As many threads are made as are needed for that, unless there is an {@link #executor}.
     */
    public ConsumerBuilder workers(int atOnce) {
        workers = inRange("workers", atOnce, 1, 10_000);
        return this;
    }

    /**
     * Where handlers and sink are called instead of on threads of the consumer's own: virtual threads, for example. It
     * must run what it is given and at least {@link #workers} at once, and is neither interrupted nor shut down.
     */
    public ConsumerBuilder executor(Executor pool) {
        executor = Objects.requireNonNull(pool, "executor");
        return this;
    }

    /**
     * How often offsets are committed; 10 ms to 1 min, by default 1 s, and 100 ms with {@link #transactionalId}, because
     * outputs and dead letters are not visible before.
     */
    public ConsumerBuilder commitInterval(Duration interval) {
        if (interval.compareTo(Duration.ofMillis(10)) < 0 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("commitInterval must be 10 ms to 1 min, not " + interval);
        }
        commitInterval = interval;
        return this;
    }

    /** After how many settled records offsets are committed before their time; 1 to 1,000,000, 10,000 by default. */
    public ConsumerBuilder commitRecords(int records) {
        commitRecords = inRange("commitRecords", records, 1, 1_000_000);
        return this;
    }

    /** Records of one partition that may wait for handlers before it is paused; 1 to 100,000, 1,000 by default. */
    public ConsumerBuilder bufferedRecords(int records) {
        bufferedRecords = inRange("bufferedRecords", records, 1, 100_000);
        return this;
    }

    /** Bytes of all records held before partitions are paused; 1 MB to 16 GB, 128 MB by default. */
    public ConsumerBuilder bufferedBytes(long bytes) {
        if (bytes < 1L << 20 || bytes > 16L << 30) {
            throw new IllegalArgumentException(
                    "bufferedBytes must be " + (1L << 20) + " to " + (16L << 30) + ", not " + bytes);
        }
        bufferedBytes = bytes;
        return this;
    }

    /** After which time a record that does not move is named, in the log and to listeners; 1 s to 1 d, 1 min by default. */
    public ConsumerBuilder stallAfter(Duration patience) {
        if (patience.compareTo(Duration.ofSeconds(1)) < 0 || patience.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("stallAfter must be 1 s to 1 d, not " + patience);
        }
        stallAfter = patience;
        return this;
    }

    /** When a partition stops because too many of its records are dead letters; {@link DeadLetterLimit#DEFAULT}. */
    public ConsumerBuilder deadLetterLimit(DeadLetterLimit limit) {
        deadLetterLimit = Objects.requireNonNull(limit, "deadLetterLimit");
        return this;
    }

    /** However many records are dead letters, the line goes on. */
    public ConsumerBuilder noDeadLetterLimit() {
        deadLetterLimit = null;
        return this;
    }

    /** What to do about a missing dead letter topic; {@code REQUIRE} by default. */
    public ConsumerBuilder deadLetterTopics(DeadLetterTopics policy) {
        deadLetterTopics = Objects.requireNonNull(policy, "deadLetterTopics");
        return this;
    }

    /** The size in bytes above which a dead letter is a pointer to its record; 64 KB to 64 MB, 1 MB by default. */
    public ConsumerBuilder deadLetterBytes(int bytes) {
        deadLetterBytes = inRange("deadLetterBytes", bytes, 1 << 16, 1 << 26);
        return this;
    }

    /** Headers of other frameworks that dead letters carry beside Kafka Connect's and cdp's; none by default. */
    public ConsumerBuilder deadLetterProfiles(DeadLetterProfile... profiles) {
        deadLetterProfiles = Set.of(profiles);
        return this;
    }

    /**
     * Where dead letters go, if not to Kafka topics; the consumer closes it. Dead letter topics are not checked then,
     * nor is an outage seen in {@code health()}: letters that are not acknowledged hold their partition back.
     */
    public ConsumerBuilder deadLetters(DeadLetters letters) {
        deadLetters = Objects.requireNonNull(letters, "deadLetters");
        return this;
    }

    /** Is told what happens; listeners are called in the order in which they were added. */
    public ConsumerBuilder listener(ConsumerListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * How long a start waits for the first answer of a broker; 100 ms to 5 min, 30 s by default. Where every address
     * refuses connections, the start fails after three seconds.
     */
    public ConsumerBuilder connectTimeout(Duration timeout) {
        connectTimeout = BootstrapServers.checkTimeout(timeout);
        return this;
    }

    /**
     * Lets the consumer start before its broker: {@link ResilientConsumer#start} returns at once, and the consumer stays
     * {@link ConsumerState#STARTING} until a broker answers, however long that takes. {@code health().outages()} says
     * meanwhile what it waits for. Hosts that DNS does not know yet are waited for too. The topics are checked, and
     * created where that is wanted, when the broker is there; what is wrong with them then stops the consumer, with the
     * cause in {@code health()}.
     */
    public ConsumerBuilder startWithoutBroker() {
        startsWithoutBroker = true;
        return this;
    }

    /** Tells the time in dead letters and health. */
    public ConsumerBuilder clock(InstantSource source) {
        clock = Objects.requireNonNull(source, "clock");
        return this;
    }

    /**
     * The consumer, not started.
     *
     * @throws IllegalArgumentException if something is missing or does not fit the catalog
     */
    public ResilientConsumer build() {
        if (group.isBlank()) {
            throw new IllegalArgumentException("a consumer needs a group(…)");
        }
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("a consumer needs topics(…); the catalog has " + catalog.topics());
        }
        if ((sink == null) == handlers.isEmpty()) {
            throw new IllegalArgumentException("a consumer has either handlers or a sink: "
                    + (sink == null ? "give handle(…) or sink(…)" : "split it into two, each with a group of its own"));
        }
        if (sink != null && ordering != Ordering.PARTITION) {
            throw new IllegalArgumentException("a sink's batches are of a partition in the order of the log; ordering("
                    + ordering + ") is for handlers");
        }
        if (retryTopics && (sink != null || ordering != Ordering.NONE)) {
            throw new IllegalArgumentException("retryTopics() needs ordering(NONE), and this consumer "
                    + (sink != null ? "has a sink" : "is by " + ordering)
                    + ": a record that waits in a topic is overtaken by those behind it");
        }
        if (sink != null && !validated) {
            throw new IllegalArgumentException("a sink always validates, because its tables take nothing else;"
                    + " noValidation() is for handlers");
        }
        checkEvents(catalog, topics, handlers);
        ConsumerSettings.Transactions transactions = transactions();
        KafkaSettings settings = sink != null
                ? KafkaSettings.sink(kafka, group)
                : transactions != null
                        ? KafkaSettings.transactional(kafka, group)
                        : KafkaSettings.handlers(kafka, group);
        Duration interval = commitInterval != null
                ? commitInterval
                : transactions != null ? Duration.ofMillis(100) : Duration.ofSeconds(1);
        if (sink != null) {
            checkTimeout(sink.timeout(), Rebalancer.patience(settings.maxPollInterval()));
        }
        return new ResilientConsumer(
                new ConsumerSettings(
                        catalog,
                        settings,
                        List.copyOf(topics),
                        new Handlers(
                                Map.copyOf(handlers),
                                withoutHandler,
                                unknownEvents,
                                seen,
                                Rebalancer.patience(settings.maxPollInterval()),
                                clock),
                        sink,
                        validated,
                        registry,
                        ordering,
                        errors,
                        retry,
                        retryTopics ? new RetryTopics(group, topics, clock, retry.maxDelay()) : null,
                        batches,
                        replay,
                        foreignOffsets,
                        workers,
                        executor,
                        new Committer.Pace(interval, commitRecords),
                        bufferedRecords,
                        bufferedBytes,
                        stallAfter,
                        deadLetterLimit,
                        transactions,
                        deadLetterTopics,
                        deadLetterBytes,
                        deadLetterProfiles,
                        deadLetters,
                        new ConsumerSettings.FirstAnswer(connectTimeout, startsWithoutBroker),
                        clock),
                listeners,
                clients);
    }

    /** Null where commits are no transactions. */
    private ConsumerSettings.@Nullable Transactions transactions() {
        if (transactionalId == null) {
            if (transforms || !outputs.isEmpty()) {
                throw new IllegalArgumentException("transform(…) and emits(…) need transactionalId(…): outputs are"
                        + " published in the transaction that commits what they were made of");
            }
            return null;
        }
        if (sink != null) {
            throw new IllegalArgumentException(
                    "a sink's batches are stored exactly once by their plans;" + " transactionalId(…) is for handlers");
        }
        if (deadLetters != null) {
            throw new IllegalArgumentException("with transactionalId(…) dead letters are part of the transaction and go"
                    + " to Kafka; leave deadLetters(…) out");
        }
        if (seen != null) {
            throw new IllegalArgumentException("deduplicate(…) remembers what was handled before its transaction is"
                    + " committed, and would drop outputs of one that is undone; leave it out with transactionalId(…)");
        }
        OutputEncoder.topics(catalog, outputs);
        return new ConsumerSettings.Transactions(transactionalId, Set.copyOf(outputs));
    }

    private static void checkTimeout(Duration timeout, Duration longest) {
        if (timeout.compareTo(longest) > 0) {
            throw new IllegalArgumentException("the sink's timeout is " + timeout.toMillis()
                    + " ms, and a write may take at most " + longest.toMillis()
                    + " ms, a quarter of max.poll.interval.ms: lower the one or raise the other");
        }
    }

    /** Throws where the catalog lacks a handler's event, has it on none of these topics, or its class cannot read it. */
    static void checkEvents(Catalog catalog, Collection<String> topics, Map<String, HandlerBinding<?>> handlers) {
        List<String> mismatches = new ArrayList<>();
        handlers.forEach((event, handler) -> {
            EventDefinition definition = catalog.event(event)
                    .orElseThrow(() -> new IllegalArgumentException("the catalog has no event '" + event + "'"
                            + catalog.didYouMean(event) + "; name it on the class by @EventType"));
            if (!topics.contains(definition.topic())) {
                throw new IllegalArgumentException("event '" + event + "' is published to " + definition.topic()
                        + ", which is not among the topics " + topics);
            }
            for (String mismatch : handler.mismatches(definition)) {
                mismatches.add("event '" + event + "' " + mismatch);
            }
        });
        if (!mismatches.isEmpty()) {
            throw new IllegalArgumentException("valid events cannot be read by their handlers' classes; change the"
                    + " classes, or take the JSON by handleJson(…): " + String.join("; ", mismatches));
        }
    }

    private static int inRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", not " + value);
        }
        return value;
    }
}
