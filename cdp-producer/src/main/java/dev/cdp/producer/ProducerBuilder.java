package dev.cdp.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link CdpProducer}: Kafka's properties, how events are checked and how much they may hold. Not
 * thread-safe.
 */
public final class ProducerBuilder {

    private final Catalog catalog;
    private final Map<String, Object> kafka = new HashMap<>();
    private final List<PublishInterceptor> interceptors = new ArrayList<>();
    private final List<PublishListener> listeners = new ArrayList<>();
    private final Map<String, OnInvalid> onInvalid = new HashMap<>();
    private Duration maxBlock = Duration.ofSeconds(10);
    private long bufferMemory = 32L << 20;
    private Duration connectTimeout = BootstrapServers.DEFAULT_TIMEOUT;
    private @Nullable Executor executor;
    private @Nullable SpoolOptions spool;
    private @Nullable String transactionalId;
    private @Nullable Duration closeAtExit;
    private InstantSource clock = InstantSource.system();

    ProducerBuilder(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Adds properties of Kafka's producer, {@code bootstrap.servers} among them. */
    public ProducerBuilder kafka(Map<String, Object> properties) {
        kafka.putAll(properties);
        return this;
    }

    /**
     * How long publish waits while the memory is full, or while no broker tells where the topic is; 10 s by default.
     */
    public ProducerBuilder maxBlock(Duration value) {
        this.maxBlock = Objects.requireNonNull(value, "maxBlock");
        return this;
    }

    /** Bytes that events may hold until they are settled; 32 MiB by default. Kafka's own buffer is as large. */
    public ProducerBuilder bufferMemory(long bytes) {
        this.bufferMemory = bytes;
        return this;
    }

    /**
     * How long the first answer of a broker, and of a transaction coordinator, is waited for; 100 ms to 5 min, 30 s by
     * default. Where every address refuses connections, connecting fails after three seconds. With a spool it is not
     * waited for longer than 5 s: events wait on disk.
     */
    public ProducerBuilder connectTimeout(Duration value) {
        this.connectTimeout = Objects.requireNonNull(value, "connectTimeout");
        return this;
    }

    /**
     * Keeps events on disk until the broker has acknowledged them, across outages and restarts; they are forced onto
     * the disk every 100 ms. See {@link #spool(Path, long, SpoolSync)}.
     */
    public ProducerBuilder spool(Path directory, long maxBytes) {
        return spool(directory, maxBytes, SpoolSync.every(Duration.ofMillis(100)));
    }

    /**
     * Keeps events on disk until the broker has acknowledged them: once publish has returned, an event whose future
     * has not failed outlives the process, and is sent by the next producer that is given the same directory, in
     * order, and at least once. With a spool a producer connects although no broker answers, and Kafka's {@code
     * delivery.timeout.ms} is without limit. Events of transactions do not pass it.
     *
     * @param directory of this producer alone
     * @param maxBytes what its files may hold; when it is full, publish waits {@code maxBlock} and fails with {@link
     *     BufferFullException}
     * @param sync when events are forced onto the disk
     */
    public ProducerBuilder spool(Path directory, long maxBytes, SpoolSync sync) {
        this.spool = new SpoolOptions(
                Objects.requireNonNull(directory, "directory"), maxBytes, Objects.requireNonNull(sync, "sync"));
        return this;
    }

    /** Where futures complete; a thread of the producer's own by default. It is never shut down by the producer. */
    public ProducerBuilder executor(Executor value) {
        this.executor = Objects.requireNonNull(value, "executor");
        return this;
    }

    /**
     * Makes {@link CdpProducer#transaction} possible. The id is of one instance of the application alone, and the same
     * after a restart: whoever connects with it ends what its predecessor left open, and that one can commit no more.
     */
    public ProducerBuilder transactionalId(String value) {
        this.transactionalId = Objects.requireNonNull(value, "transactionalId");
        return this;
    }

    /**
     * Closes the producer when the JVM exits in good order, if nobody has by then: the application's own hooks may
     * still publish meanwhile, or find it closed. Better is to close it where the application ends its work.
     *
     * @param timeout how long the exit may be held up
     */
    public ProducerBuilder closeAtExit(Duration timeout) {
        this.closeAtExit = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /** Adds an interceptor after those that are there. */
    public ProducerBuilder interceptor(PublishInterceptor value) {
        interceptors.add(Objects.requireNonNull(value, "interceptor"));
        return this;
    }

    /** Adds a listener after those that are there. */
    public ProducerBuilder listener(PublishListener value) {
        listeners.add(Objects.requireNonNull(value, "listener"));
        return this;
    }

    /** What to do with an invalid event, whatever the modes in the catalog say. */
    public ProducerBuilder onInvalid(OnInvalid value) {
        Objects.requireNonNull(value, "onInvalid");
        catalog.events().forEach(event -> onInvalid.put(event.name(), value));
        return this;
    }

    /**
     * What to do with an invalid event of that name, whatever its mode in the catalog says.
     *
     * @throws InvalidOptionException if the catalog has no such event
     */
    public ProducerBuilder onInvalid(String event, OnInvalid value) {
        if (catalog.event(Objects.requireNonNull(event, "event")).isEmpty()) {
            throw new InvalidOptionException("onInvalid: the catalog '" + catalog.name() + "' has no event '" + event
                    + "'" + catalog.didYouMean(event));
        }
        onInvalid.put(event, Objects.requireNonNull(value, "onInvalid"));
        return this;
    }

    /** What tells the time of an event that does not say when it happened; the system's clock by default. */
    public ProducerBuilder clock(InstantSource value) {
        this.clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Connects.
     *
     * @throws InvalidOptionException if an option or a property is wrong
     * @throws BrokerUnavailableException if no broker answers in time
     */
    public CdpProducer connect() {
        return new CdpProducer(
                catalog,
                new ProducerOptions(
                        kafka,
                        maxBlock,
                        bufferMemory,
                        connectTimeout,
                        executor,
                        transactionalId,
                        closeAtExit,
                        spool,
                        interceptors,
                        listeners,
                        onInvalid,
                        clock));
    }
}
