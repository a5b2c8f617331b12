package dev.cdp.consumer;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.CdpException;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult.Rejection;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What every {@link SinkLine} of a consumer needs, and the two jobs that it gives to workers: to judge records and to write
 * a batch. The jobs touch only what they are given.
 *
 * @param pasts what the next line of a partition is to know of its first batch; owner thread only
 */
record SinkWork(
        EventSink sink,
        Judge judge,
        DeadLetterOffice office,
        Workers workers,
        Listeners listeners,
        Circuits circuits,
        LetterGauge gauge,
        Outages outages,
        BatchLimits limits,
        PlanStamp stamp,
        Lease lease,
        Map<TopicPartition, Batch.Past> pasts,
        RandomGenerator random) {

    /** What plans of this consumer are stamped with. */
    record PlanStamp(String group, int replay, String catalog, String sdk) {

        private static final int HASH_DIGITS = 12;

        static PlanStamp of(ConsumerSettings settings) {
            String version = SinkWork.class.getPackage().getImplementationVersion();
            return new PlanStamp(
                    CommitText.groupHash(settings.group()),
                    settings.replay(),
                    settings.catalog().hash().substring(0, HASH_DIGITS),
                    version == null
                            ? "dev"
                            : version.substring(0, Math.min(version.length(), 32))
                                    .replace(';', '_'));
        }
    }

    /** A plan that leaves nothing open. */
    Envelope plan(Tenure tenure, long settled) {
        return plan(tenure, settled, settled, Envelope.NO_EPOCH);
    }

    Envelope plan(Tenure tenure, long first, long end, int epoch) {
        return new Envelope(
                stamp.group,
                tenure.topicId(),
                first,
                end,
                epoch,
                stamp.replay,
                stamp.catalog,
                stamp.sdk,
                new TreeSet<>());
    }

    /** Decodes and validates records of a batch, and has those that are valid drafted; a worker's job. */
    void judge(SinkLine line, Batch batch, List<Entry> entries) {
        Draft draft = batch.draft();
        IdentityHashMap<EventDefinition, FieldPlaces> placesOf = new IdentityHashMap<>();
        Map<String, Integer> accepted = new HashMap<>();
        Map<Entry, Failure> failures = new LinkedHashMap<>();
        Map<Entry, Ignored> passed = new LinkedHashMap<>();
        CdpException silence = null;
        Batch.Past past = batch.past();
        int records = 0;
        for (Entry entry : entries) {
            if (!line.tenure().starting() || workers.closing()) {
                break; // The batch is not going to be written here, so what is missing will not be missed.
            }
            IncomingRecord in = entry.incoming(line.tenure().topicId());
            if (judge.forAnotherGroup(in)) {
                passed.put(entry, Ignored.OTHER_GROUP);
                records++;
                continue;
            }
            Reading reading;
            try {
                reading = judge.read(in);
            } catch (CdpException e) {
                silence = e;
                break;
            } catch (RuntimeException | StackOverflowError e) {
                failures.put(entry, Failure.thrown(DeadLetterReason.UNDECODABLE, Attempt.DECODE, "", e));
                records++;
                continue;
            }
            if (reading instanceof Reading.Unknown unknown) {
                failures.put(entry, Judge.unknown(unknown));
            } else if (reading instanceof Reading.Probe) {
                passed.put(entry, Ignored.PROBE);
            } else if (reading instanceof Reading.Tombstone) {
                passed.put(entry, Ignored.TOMBSTONE);
            } else if (reading instanceof Reading.Known known) {
                FieldPlaces places = placesOf.computeIfAbsent(known.definition(), SinkWork::places);
                Optional<Failure> refused = past != null && past.plan().found().contains(entry.offset())
                        ? found(known, past.rejections().get(entry.offset()))
                        : refused(known, in, places);
                if (refused.isPresent()) {
                    failures.put(entry, refused.get());
                } else {
                    accepted.merge(known.definition().name(), 1, Integer::sum);
                    draft.add(
                            new SinkEvent(entry.offset(), known.attributes(), known.version(), known.payload()),
                            places.known() ? places : null);
                }
            }
            records++;
        }
        workers.report(new Outcome.Judged(line, batch, records, accepted, failures, passed, silence));
    }

    private static FieldPlaces places(EventDefinition event) {
        return new FieldPlaces(event.table().map(TableDefinition::columns).orElse(List.of()));
    }

    private Optional<Failure> refused(Reading.Known known, IncomingRecord in, FieldPlaces places) {
        try {
            return judge.refusedForSink(known, in, places);
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(Failure.thrown(
                    DeadLetterReason.INVALID, "validate", known.definition().name(), e));
        }
    }

    private static Optional<Failure> found(Reading.Known known, @Nullable Rejection rejection) {
        String event = known.definition().name();
        if (rejection == null) {
            return Optional.of(Failure.of(
                    DeadLetterReason.NOT_INSERTABLE,
                    "sink",
                    event,
                    "the sink rejected it before the consumer was interrupted"));
        }
        Violation violation = new Violation(rejection.path(), Violation.COLUMN, rejection.message());
        return Optional.of(Failure.refusedBySink(rejection.reason(), event, ValidationReport.of(violation)));
    }

    /** Writes a batch, if the partition is surely still ours; a worker's job. */
    void write(SinkLine line, Batch batch) {
        try {
            if (workers.closing()) {
                throw new InterruptedException("the consumer closes");
            }
            lease.require(batch.id());
            workers.report(new Outcome.Written(line, batch, batch.draft().write(batch.id(), batch.attempt())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            workers.report(new Outcome.Unwritten(line, batch, e));
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable t) {
            workers.report(new Outcome.Unwritten(line, batch, t));
        }
    }
}
