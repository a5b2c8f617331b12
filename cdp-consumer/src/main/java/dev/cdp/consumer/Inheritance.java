package dev.cdp.consumer;

import java.util.Optional;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Decides with which plan a {@link SinkLine} begins, by what the committed offset carries. */
final class Inheritance {

    private final ForeignOffsets foreignOffsets;
    private final SinkWork work;
    private final StoredBefore storedBefore;

    Inheritance(ForeignOffsets foreignOffsets, SinkWork work) {
        this.foreignOffsets = foreignOffsets;
        this.work = work;
        this.storedBefore = new StoredBefore(work);
    }

    /**
     * The line of a partition, with the plan that its predecessor left open, if one did; null while the sink has not told
     * whether it holds rows of a partition for which nothing is committed.
     */
    @Nullable
    SinkLine line(Tenure tenure, Restorer.Start start) {
        OffsetAndMetadata committed = start.committed();
        Envelope fresh = work.plan(tenure, start.offset());
        if (committed == null) {
            return foreignOffsets == ForeignOffsets.ADOPT ? begin(tenure, fresh) : beginIfEmpty(tenure, fresh);
        }
        String found;
        try {
            Envelope plan = Envelope.parse(committed.metadata());
            found = foreign(plan, fresh);
            if (found.isEmpty()) {
                return new SinkLine(tenure, plan, committed.leaderEpoch(), work);
            }
            if (foreignOffsets == ForeignOffsets.ADOPT && ours(plan, fresh)) {
                return new SinkLine(tenure, plan, committed.leaderEpoch(), work);
            }
        } catch (CommitText.UnreadableException e) {
            found = String.valueOf(e.getMessage());
        }
        if (foreignOffsets == ForeignOffsets.STOP) {
            throw stop(tenure.partition(), start.offset(), found);
        }
        return begin(tenure, fresh);
    }

    private SinkLine begin(Tenure tenure, Envelope fresh) {
        return new SinkLine(tenure, fresh, Optional.empty(), work);
    }

    /** The offset of a group of another name, or one that has expired, says nothing about what the sink holds. */
    private @Nullable SinkLine beginIfEmpty(Tenure tenure, Envelope fresh) {
        Boolean holds = storedBefore.ask(tenure, fresh);
        if (holds == null) {
            return null;
        }
        if (holds) {
            throw new ConsumerStoppedException("the group has committed nothing for " + tenure.partition()
                    + ", and the sink already holds rows of it from offset " + fresh.first() + " on (replay "
                    + fresh.replay() + "), which would be stored again in other batches: the group's name is new, its"
                    + " offsets have expired, or another group loads the same tables. " + waysOut(fresh.first()));
        }
        return begin(tenure, fresh);
    }

    private static boolean ours(Envelope plan, Envelope fresh) {
        return plan.group().equals(fresh.group())
                && plan.topicId().equals(fresh.topicId())
                && plan.first() == fresh.first();
    }

    /** In what way a plan is not one that may be taken over; empty if it may. */
    private static String foreign(Envelope plan, Envelope fresh) {
        if (!plan.topicId().equals(fresh.topicId())) {
            return "its plan is of another topic of that name, which was deleted since";
        }
        if (!plan.group().equals(fresh.group())) {
            return "its plan is of another consumer group";
        }
        if (plan.first() != fresh.first()) {
            return "its plan begins at " + plan.first() + ", so another tool has moved the offset";
        }
        if (plan.open() && !plan.catalog().equals(fresh.catalog())) {
            return "a batch [" + plan.first() + "," + plan.end() + ") was left open by catalog " + plan.catalog()
                    + "…, and today's is " + fresh.catalog() + "…, which may judge its records otherwise; start once"
                    + " with that catalog, or";
        }
        return "";
    }

    private static ConsumerStoppedException stop(TopicPartition partition, long offset, String found) {
        return new ConsumerStoppedException("the committed offset " + offset + " of " + partition
                + " cannot be continued exactly once: " + found
                + ". " + waysOut(offset));
    }

    private static String waysOut(long offset) {
        return "Two ways out: set the group's offset to where the rows of this partition end (bin/cdp audit names what is"
                + " missing or doubled), make sure that the sink holds none from offset " + offset
                + " or the one that you set on, and start once with foreignOffsets(ADOPT); or, if those rows are wanted"
                + " again, do that and raise replay(…)";
    }
}
