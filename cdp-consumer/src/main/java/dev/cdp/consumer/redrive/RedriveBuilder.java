package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/** Describes a {@link Redrive}: Kafka, a dead letter topic, and which of its letters. Not thread-safe. */
public final class RedriveBuilder {

    private final Catalog catalog;
    private Map<String, Object> kafka = Map.of();
    private String topic = "";
    private LetterFilter filter = LetterFilter.all();
    private @Nullable RedriveFix fix;
    private int rate;
    private int maxRedrives = 3;
    private @Nullable String quarantine;
    private Review.Tombstones tombstones = Review.Tombstones.LEAVE;
    private Audience audience = Audience.SAME_GROUP;
    private InstantSource clock = InstantSource.system();
    private Duration connectTimeout = BootstrapServers.DEFAULT_TIMEOUT;
    private Consumer<RedriveProgress> progress = done -> {};

    RedriveBuilder(Catalog catalog) {
        this.catalog = Objects.requireNonNull(catalog, "catalog");
    }

    /** Properties of a Kafka client; {@code bootstrap.servers} is required. */
    public RedriveBuilder kafka(Map<String, Object> properties) {
        kafka = Map.copyOf(properties);
        return this;
    }

    /** The dead letter topic. */
    public RedriveBuilder from(String deadLetterTopic) {
        topic = Objects.requireNonNull(deadLetterTopic, "deadLetterTopic");
        return this;
    }

    /** Which letters; all by default. */
    public RedriveBuilder filter(LetterFilter letters) {
        filter = Objects.requireNonNull(letters, "letters");
        return this;
    }

    /** Mends each record before it is validated. */
    public RedriveBuilder fix(RedriveFix function) {
        fix = Objects.requireNonNull(function, "function");
        return this;
    }

    /** Letters published in a second, at most; 1 to 1,000,000, as fast as it goes by default. */
    public RedriveBuilder rate(int lettersPerSecond) {
        rate = inRange("rate", lettersPerSecond, 1, 1_000_000);
        return this;
    }

    /** How often a letter may be redriven before it is quarantined; 1 to 1,000, 3 by default. */
    public RedriveBuilder maxRedrives(int times) {
        maxRedrives = inRange("maxRedrives", times, 1, 1_000);
        return this;
    }

    /**
     * Where letters go that were redriven too often; the dead letter topic's name with {@code .quarantine} behind it by
     * default. Where there is no such topic they stay where they are.
     */
    public RedriveBuilder quarantine(String quarantineTopic) {
        quarantine = Objects.requireNonNull(quarantineTopic, "quarantineTopic");
        return this;
    }

    /**
     * Publishes dead letters without a value too. They stay by default: in a compacted topic such a record deletes what
     * its key had.
     */
    public RedriveBuilder tombstones() {
        tombstones = Review.Tombstones.PUBLISH;
        return this;
    }

    /** Who is to read the records; {@link Audience#SAME_GROUP} by default. */
    public RedriveBuilder audience(Audience readers) {
        audience = Objects.requireNonNull(readers, "readers");
        return this;
    }

    /** Is told after each commit how far it is; what it throws ends the redrive. */
    public RedriveBuilder onProgress(Consumer<RedriveProgress> listener) {
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** How long an answer of a broker is waited for; 100 ms to 5 min, 30 s by default. */
    public RedriveBuilder connectTimeout(Duration timeout) {
        connectTimeout = BootstrapServers.checkTimeout(timeout);
        return this;
    }

    /** Tells the time by which events are too old for their table. */
    public RedriveBuilder clock(InstantSource source) {
        clock = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * The redrive, not run.
     *
     * @throws IllegalArgumentException if something is missing
     */
    public Redrive build() {
        if (topic.isBlank()) {
            throw new IllegalArgumentException("a redrive needs from(…), the dead letter topic");
        }
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("the Kafka properties lack bootstrap.servers");
        }
        String aside = quarantine == null ? topic + ".quarantine" : quarantine;
        return new Redrive(
                topic,
                new ClientProperties(kafka, Redrive.group(topic), connectTimeout),
                filter,
                new Review.Rules(catalog, topic, tombstones, fix, maxRedrives, aside, audience, clock),
                rate == 0 ? 0 : 1_000_000_000L / rate,
                progress);
    }

    private static int inRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", not " + value);
        }
        return value;
    }
}
