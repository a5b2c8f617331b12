package dev.cdp.consumer.redrive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Mode;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import dev.cdp.core.wire.RecordReader;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a letter: by where it came from, how often it was redriven, and today's catalog. One thread. */
final class Review {

    private static final Logger LOG = LoggerFactory.getLogger(Review.class);

    private final Rules rules;
    private final Cluster cluster;
    private final Consumer<byte[], byte[]> originals;
    private final RecordReader reader;
    private final EventValidator validator;

    /** What becomes of a dead letter without a value. */
    enum Tombstones {
        LEAVE,
        PUBLISH
    }

    /** What the caller of a redrive has asked for. */
    record Rules(
            Catalog catalog,
            String deadLetterTopic,
            Tombstones tombstones,
            @Nullable RedriveFix fix,
            int maxRedrives,
            String quarantine,
            Audience audience,
            InstantSource clock) {}

    /**
     * What becomes of a letter.
     *
     * @param refusedFor why today's catalog refuses it, else empty
     * @param record what is to be published; null where the letter stays
     */
    record Verdict(
            Disposition disposition,
            String refusedFor,
            @Nullable ProducerRecord<byte[], byte[]> record) {

        static Verdict leave(Disposition why) {
            return new Verdict(why, "", null);
        }
    }

    /**
     * A review.
     *
     * @param originals reads what pointers point to; its assignment changes
     */
    Review(Rules rules, Cluster cluster, Consumer<byte[], byte[]> originals) {
        this.rules = rules;
        this.cluster = cluster;
        this.originals = originals;
        this.reader = new RecordReader(rules.catalog);
        this.validator = EventValidator.of(rules.catalog);
    }

    Verdict of(StoredLetter letter) {
        StoredLetter.Origin origin = letter.origin().orElse(null);
        Cluster.Topic topic =
                origin == null ? null : cluster.topic(origin.topic()).orElse(null);
        if (origin == null || topic == null) {
            return Verdict.leave(Disposition.NO_WAY_BACK);
        }
        // Whoever can write to the dead letter topic names the origin.
        if (!DeadLetterRoutes.leads(rules.catalog, origin.topic(), rules.deadLetterTopic)) {
            return Verdict.leave(Disposition.FOREIGN_TOPIC);
        }
        if (letter.redriveCount() >= rules.maxRedrives) {
            return cluster.topic(rules.quarantine).isPresent()
                    ? new Verdict(Disposition.QUARANTINED, "", quarantined(letter))
                    : Verdict.leave(Disposition.REDRIVEN_TOO_OFTEN);
        }
        ConsumerRecord<byte[], byte[]> whole = letter.pointer() ? original(letter, origin) : letter.record();
        if (whole == null) {
            return Verdict.leave(Disposition.ORIGINAL_GONE);
        }
        ProducerRecord<byte[], byte[]> record = fixed(letter, asItWas(whole, origin, topic));
        if (record == null) {
            return Verdict.leave(Disposition.NOT_FIXED);
        }
        if (record.value() == null && rules.tombstones == Tombstones.LEAVE) {
            return Verdict.leave(Disposition.TOMBSTONE);
        }
        return judged(letter, origin, topic, record);
    }

    private ProducerRecord<byte[], byte[]> quarantined(StoredLetter letter) {
        ConsumerRecord<byte[], byte[]> record = letter.record();
        return new ProducerRecord<>(rules.quarantine, null, null, record.key(), record.value(), record.headers());
    }

    /** What a pointer points to, if it is still there and still the same. */
    private @Nullable ConsumerRecord<byte[], byte[]> original(StoredLetter letter, StoredLetter.Origin origin) {
        Cluster.Topic topic = cluster.topic(origin.topic()).orElse(null);
        if (topic == null || origin.partition() < 0 || origin.partition() >= topic.partitions()) {
            return null;
        }
        return DeadLetterBrowser.record(
                        originals, new TopicPartition(origin.topic(), origin.partition()), origin.offset())
                .filter(record -> letter.text(DeadLetterHeaders.POINTER)
                        .filter(("sha256:" + sha256(record.value()))::equals)
                        .isPresent())
                .orElse(null);
    }

    /** The record as it stood in its topic, to its partition while that exists. */
    private static ProducerRecord<byte[], byte[]> asItWas(
            ConsumerRecord<byte[], byte[]> whole, StoredLetter.Origin origin, Cluster.Topic topic) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : whole.headers()) {
            if (!DeadLetterHeaders.tellsOfFailure(header.key())) {
                headers.add(header);
            }
        }
        boolean exists = origin.partition() >= 0 && origin.partition() < topic.partitions();
        return new ProducerRecord<>(
                origin.topic(), exists ? origin.partition() : null, null, whole.key(), whole.value(), headers);
    }

    private @Nullable ProducerRecord<byte[], byte[]> fixed(
            StoredLetter letter, ProducerRecord<byte[], byte[]> original) {
        if (rules.fix == null) {
            return original;
        }
        try {
            return rules.fix.fix(letter, original);
        } catch (RuntimeException e) {
            LOG.warn(
                    "the fix-up failed for {} ({}); it stays",
                    letter,
                    e.getClass().getName());
            return null;
        }
    }

    private Verdict judged(
            StoredLetter letter,
            StoredLetter.Origin origin,
            Cluster.Topic topic,
            ProducerRecord<byte[], byte[]> record) {
        EventHeaders.Builder headers = EventHeaders.builder();
        record.headers().forEach(header -> headers.add(header.key(), header.value()));
        IncomingRecord in = new IncomingRecord(
                record.topic(),
                topic.id(),
                Math.max(0, origin.partition()),
                Math.max(0, origin.offset()),
                origin.timestamp(),
                headers.build(),
                record.value());
        Reading reading = reader.read(in);
        if (reading instanceof Reading.Unknown unknown) {
            return refused(unknown.reason());
        }
        if (reading instanceof Reading.Known known) {
            Optional<DeadLetterReason> refused = refused(known);
            if (refused.isPresent()) {
                return refused(refused.get());
            }
            keepIdentity(record, known);
        }
        add(record, DeadLetterHeaders.REDRIVE_COUNT, Integer.toString(letter.redriveCount() + 1));
        if (rules.audience == Audience.SAME_GROUP) {
            letter.group().ifPresent(group -> add(record, DeadLetterHeaders.REDRIVE_GROUP, group));
        }
        return new Verdict(Disposition.PUBLISHED, "", record);
    }

    private static Verdict refused(DeadLetterReason reason) {
        return new Verdict(Disposition.STILL_REFUSED, reason.name(), null);
    }

    /** As a consumer will judge it when it is there: an event's table counts from the day of its arrival. */
    private Optional<DeadLetterReason> refused(Reading.Known known) {
        ValidationReport report = validator.validate(known.definition().name(), known.version(), known.payload());
        if (report.valid()) {
            Instant now = rules.clock.instant();
            return validator
                    .validateTime(known.definition(), known.attributes().time(), now)
                    .reason();
        }
        DeadLetterReason reason = report.reason().orElse(DeadLetterReason.INVALID);
        boolean tolerated = known.definition().mode() != Mode.ENFORCE && reason != DeadLetterReason.UNDECODABLE;
        return tolerated ? Optional.empty() : Optional.of(reason);
    }

    /** An id or a time that was made of the record's place would be another one at its new place. */
    private static void keepIdentity(ProducerRecord<byte[], byte[]> record, Reading.Known known) {
        Header type = record.headers().lastHeader(CloudEvents.CONTENT_TYPE);
        boolean structured = type != null
                && type.value() != null
                && new String(type.value(), StandardCharsets.UTF_8).startsWith("application/cloudevents");
        if (structured) {
            return; // the envelope has both
        }
        if (silent(record, CloudEvents.ID)) {
            add(record, CloudEvents.ID, known.attributes().id());
        }
        if (silent(record, CloudEvents.TIME)) {
            add(record, CloudEvents.TIME, known.attributes().time().toString());
        }
    }

    /** An empty attribute says nothing; the last header of a name counts, so one may be added behind it. */
    private static boolean silent(ProducerRecord<byte[], byte[]> record, String attribute) {
        Header header = record.headers().lastHeader(attribute);
        return header == null || header.value() == null || header.value().length == 0;
    }

    private static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte @Nullable [] value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Objects.requireNonNullElse(value, new byte[0]));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
