package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.CdpException;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;

/**
 * What every {@link SinkLine} of a consumer needs, and the two jobs that it gives to workers: to judge a batch and to
 * write it. The jobs touch only what they are given.
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

    /** Decodes and validates a batch; a worker's job. */
    void judge(SinkLine line, Batch batch) {
        List<SinkEvent> events = new ArrayList<>(batch.entries().size());
        SortedMap<Long, Failure> failures = new TreeMap<>();
        Map<Entry, Ignored> passed = new LinkedHashMap<>();
        for (Entry entry : batch.entries()) {
            if (!line.tenure().starting() || workers.closing()) {
                break; // The batch is not going to be written here, so what is missing will not be missed.
            }
            IncomingRecord in = entry.incoming(line.tenure().topicId());
            if (judge.forAnotherGroup(in)) {
                passed.put(entry, Ignored.OTHER_GROUP);
                continue;
            }
            Reading reading;
            try {
                reading = judge.read(in);
            } catch (CdpException e) {
                workers.report(new Outcome.Unjudged(line, batch, e));
                return;
            }
            if (reading instanceof Reading.Unknown unknown) {
                failures.put(entry.offset(), Judge.unknown(unknown));
            } else if (reading instanceof Reading.Probe) {
                passed.put(entry, Ignored.PROBE);
            } else if (reading instanceof Reading.Tombstone) {
                passed.put(entry, Ignored.TOMBSTONE);
            } else if (reading instanceof Reading.Known known) {
                FieldPlaces places = new FieldPlaces(
                        known.definition().table().map(TableDefinition::columns).orElse(List.of()));
                Optional<Failure> refused =
                        batch.plan().found().contains(entry.offset()) ? found(known) : refused(known, in, places);
                if (refused.isPresent()) {
                    failures.put(entry.offset(), refused.get());
                } else {
                    events.add(new SinkEvent(
                            entry.offset(),
                            known.attributes(),
                            known.version(),
                            known.payload(),
                            places.known() ? places : null));
                }
            }
        }
        workers.report(new Outcome.Judged(line, batch, events, failures, passed));
    }

    private Optional<Failure> refused(Reading.Known known, IncomingRecord in, FieldPlaces places) {
        try {
            return judge.refusedForSink(known, in, places);
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(Failure.thrown(
                    DeadLetterReason.INVALID, "validate", known.definition().name(), e));
        }
    }

    private static Optional<Failure> found(Reading.Known known) {
        return Optional.of(Failure.of(
                DeadLetterReason.NOT_INSERTABLE,
                "sink",
                known.definition().name(),
                "the sink rejected it before the consumer was interrupted"));
    }

    /** Writes a batch, if the partition is surely still ours; a worker's job. */
    void write(SinkLine line, Batch batch) {
        try {
            lease.require(batch.id());
            EventBatch events = new EventBatch(batch.id(), batch.events(), batch.attempt());
            workers.report(new Outcome.Written(line, batch, sink.write(events)));
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
