package dev.cdp.clickhouse;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.BatchWriter;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * Stores events in ClickHouse: each in its event's table, a batch that comes again only once. Any thread may call it, and
 * several may write at once.
 *
 * <p>A batch is one insert of one block a table, several tables at once. When one of them fails, others may be inserted
 * already; the batch is to be written again as a whole, and they drop what they have.
 */
public final class ClickHouseSink implements EventSink, AutoCloseable {

    private final Catalog catalog;
    private final ServerClock clock;
    private final Duration timeout;
    private final URI url;
    private final ServerQueries queries;
    private final Migration migration;
    private final StoredOffsets stored;
    private final Map<String, TableWriter> writers = new LinkedHashMap<>();
    private final ParallelInserts inserts = new ParallelInserts();
    private final ByteBudget budget;
    private volatile @Nullable InsertSettings settings;
    private volatile boolean closed;

    ClickHouseSink(Builder builder, InsertPort port) {
        this.catalog = builder.catalog;
        this.timeout = builder.timeout;
        this.url = builder.url();
        this.budget = new ByteBudget(builder.bytesInFlight);
        this.queries = new ServerQueries(port);
        this.clock = new ServerClock(queries);
        ServerTables tables = new ServerTables(queries);
        this.stored = new StoredOffsets(catalog, queries);
        this.migration = new Migration(catalog, queries, builder.layout);
        for (EventDefinition event : catalog.events()) {
            event.table().ifPresent(table -> writers.put(event.name(), new TableWriter(port, tables, table)));
        }
    }

    /** A sink for the tables of this catalog; nothing is connected to before the first call. */
    public static Builder builder(Catalog catalog) {
        return new Builder(Objects.requireNonNull(catalog, "catalog"));
    }

    /**
     * Runs what {@link Migration} finds safe: creates the databases and tables that the server has not, adds and widens
     * columns; and checks that every table can be loaded exactly once. Running it again changes nothing; several may run
     * at once.
     *
     * @throws ClickHouseSetupException if a table differs in a way that is not safe to mend, with what to do
     * @throws ClickHouseUnavailableException if the server cannot be reached
     */
    public void migrate() {
        requireOpen();
        try {
            for (MigrationStep refused : migration.apply(Set.of())) {
                throw new ClickHouseSetupException(refused.why());
            }
            settings();
            clock.millis();
            requireRights();
            for (TableWriter writer : writers.values()) {
                writer.target();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseUnavailableException("interrupted while it waited for ClickHouse at " + url, e);
        }
    }

    /**
     * Stores a batch, or tells which of its events can never be stored. Events without a table count as accepted.
     *
     * @throws ClickHouseUnavailableException if it is not known whether the batch is stored; write it again
     * @throws BatchTooLargeException if that is not known because the server ran out of memory or time for it: the next
     *     ones had better be smaller
     * @throws ClickHouseSetupException if it will not be stored before a person changes something
     */
    @Override
    public SinkResult write(EventBatch batch) throws InterruptedException {
        BatchWriter writer = new Rows(true);
        batch.events().forEach(event -> writer.add(event, null));
        return writer.write(batch.id(), batch.attempt());
    }

    /**
     * Begins a batch: each event becomes a row as soon as it is added, and is not kept beside it. If rows of the batch have
     * to be told apart, because the server refuses some or has lost some, it throws {@link EventsNeededException}.
     */
    @Override
    public BatchWriter begin() {
        InsertSettings known = settings;
        return new Rows(known == null || !known.strictBlocks());
    }

    /** The rows of one batch, by event. */
    private final class Rows implements BatchWriter {

        private final boolean keepsEvents;
        private final Map<String, TableBatch> tables = new LinkedHashMap<>();
        private int events;
        private long bytes;
        private @Nullable String stranger;

        Rows(boolean keepsEvents) {
            this.keepsEvents = keepsEvents;
        }

        @Override
        public void add(SinkEvent event, @Nullable FieldPlaces places) {
            events++;
            bytes += event.payload().length;
            String type = event.attributes().type();
            TableBatch table = tables.get(type);
            if (table == null) {
                TableWriter writer = writers.get(type);
                if (writer == null) {
                    stranger = stranger == null && catalog.event(type).isEmpty() ? type : stranger;
                    return;
                }
                table = writer.begin(keepsEvents);
                tables.put(type, table);
            }
            table.add(event, places);
        }

        @Override
        public SinkResult write(BatchId batch, Attempt attempt) throws InterruptedException {
            requireOpen();
            if (stranger != null) {
                throw new ClickHouseSetupException("batch " + batch + " has an event '" + stranger
                        + "', which the sink's catalog does not know" + catalog.didYouMean(stranger)
                        + "; give the consumer and the sink the same catalog");
            }
            ByteBudget.Share share = budget.take(bytes);
            try {
                List<Rejection> rejected = insert(batch, attempt);
                tables.forEach((event, table) -> writer(event).ended(table));
                return rejected.isEmpty() ? SinkResult.stored(events) : SinkResult.rejected(rejected);
            } finally {
                share.close();
            }
        }

        private List<Rejection> insert(BatchId batch, Attempt attempt) throws InterruptedException {
            long now = clock.millis();
            List<Rejection> rejected = new ArrayList<>();
            List<Callable<List<Rejection>>> work = new ArrayList<>();
            InsertSettings insertSettings = settings();
            tables.forEach((event, table) -> {
                EncodedEvents rows = table.encode(batch, now);
                rejected.addAll(rows.rejected());
                work.add(() -> writer(event).insert(batch, table.times(), rows, attempt, insertSettings));
            });
            if (rejected.isEmpty()) {
                inserts.run(work).forEach(rejected::addAll);
            }
            return rejected;
        }

        private TableWriter writer(String event) {
            return Objects.requireNonNull(writers.get(event));
        }
    }

    /**
     * Whether a table of the catalog holds such a row.
     *
     * @throws ClickHouseUnavailableException if that is not known now
     */
    @Override
    public boolean holds(UUID topicId, int partition, long from, int replay) throws InterruptedException {
        requireOpen();
        return stored.any(topicId, partition, from, replay);
    }

    /** What {@link Builder#timeout(Duration)} says. */
    @Override
    public Duration timeout() {
        return timeout;
    }

    /** Refuses every later call; inserts that are under way end by themselves. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        inserts.close();
    }

    @Override
    public String toString() {
        return "ClickHouseSink[" + catalog.name() + " at " + url + ", " + writers.size() + " tables]";
    }

    /** What no healthy day needs: without it the first row that a table refuses would stop loading. */
    private void requireRights() throws InterruptedException {
        queries.run(
                "try rows out without storing them, which finds those that a table refuses (bin/cdp ddl grants)",
                "INSERT INTO FUNCTION null('n UInt8') SELECT 1");
        queries.number(
                "read system.parts, which tells how old a batch is that comes again (bin/cdp ddl grants)",
                "SELECT count() FROM system.parts WHERE database = '' AND table = ''");
    }

    /** Asked of the server once; asking twice at once does no harm. */
    private InsertSettings settings() throws InterruptedException {
        InsertSettings known = settings;
        if (known == null) {
            DeduplicationCheck.requireKnownHash(queries);
            known = InsertSettings.probe(queries, timeout);
            settings = known;
        }
        return known;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this ClickHouseSink is closed");
        }
    }

    /** Options of a {@link ClickHouseSink}. One thread at a time. */
    public static final class Builder {

        private final Catalog catalog;
        private @Nullable URI url;
        private Credentials credentials = new Credentials("default", () -> "");
        private Duration timeout = Duration.ofSeconds(60);
        private TableLayout layout = TableLayout.SINGLE;
        private Compression compression = Compression.NONE;
        private long bytesInFlight = 256L << 20;

        private Builder(Catalog catalog) {
            this.catalog = catalog;
        }

        /**
         * The server's HTTP address, such as {@code http://localhost:8123}. Required.
         *
         * @throws IllegalArgumentException for one with a user, a password or a query in it
         */
        public Builder url(URI address) {
            this.url = ServerAddress.checked(Objects.requireNonNull(address, "url"));
            return this;
        }

        /**
         * Whom to log in as; by default {@code default} without a password. The password is asked for at each request and
         * kept nowhere.
         */
        public Builder credentials(String user, Supplier<String> password) {
            this.credentials =
                    new Credentials(Objects.requireNonNull(user, "user"), Objects.requireNonNull(password, "password"));
            return this;
        }

        /**
         * How long one insert may take, 2 s to 10 min, by default 60 s. A consumer refuses a sink whose inserts take more
         * than a quarter of its {@code max.poll.interval.ms}.
         */
        public Builder timeout(Duration limit) {
            if (limit.compareTo(Duration.ofSeconds(2)) < 0 || limit.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("timeout: expected 2 s to 10 min, found " + limit);
            }
            this.timeout = limit;
            return this;
        }

        /** How inserts are compressed, by default not: choose {@code LZ4} where the network is what is short. */
        public Builder compression(Compression how) {
            this.compression = Objects.requireNonNull(how, "compression");
            return this;
        }

        /**
         * How many bytes of payloads may be on their way to the server at once, on all threads together, 1 MB to 16 GB, by
         * default 256 MB: a write that finds it used up waits. Give no less than the consumer's {@code bufferedBytes}, so
         * that no batch waits here while its lease runs. Rows of batches that are not written yet are bounded by that too:
         * they take about as much again as their payloads.
         */
        public Builder bytesInFlight(long bytes) {
            if (bytes < 1L << 20 || bytes > 16L << 30) {
                throw new IllegalArgumentException(
                        "bytesInFlight: expected " + (1L << 20) + " to " + (16L << 30) + ", found " + bytes);
            }
            this.bytesInFlight = bytes;
            return this;
        }

        /**
         * How many parts a table that is created remembers, to know a block that comes again, 100 to 1,000,000, by
         * default 10,000: more than all its writers make while one of them is away.
         */
        public Builder deduplicationWindow(int parts) {
            this.layout = new TableLayout(parts, layout.cluster(), layout.replication());
            return this;
        }

        /** How tables are created, for clusters and replicas; its window replaces {@link #deduplicationWindow(int)}. */
        public Builder layout(TableLayout tables) {
            this.layout = Objects.requireNonNull(tables, "layout");
            return this;
        }

        /** The sink. */
        public ClickHouseSink build() {
            if (compression == Compression.LZ4) {
                Lz4Frame.requireLibrary();
            }
            return new ClickHouseSink(this, new HttpTransport(url(), credentials, timeout, compression));
        }

        private URI url() {
            if (url == null) {
                throw new IllegalStateException("url is missing; give ClickHouse's HTTP address, such as"
                        + " url(URI.create(\"http://localhost:8123\"))");
            }
            return url;
        }
    }
}
