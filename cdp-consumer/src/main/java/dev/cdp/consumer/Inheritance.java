package dev.cdp.consumer;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Decides with which plan a {@link SinkLine} begins, by what the committed offset carries. */
final class Inheritance {

    private final ForeignOffsets foreignOffsets;
    private final SinkWork work;

    Inheritance(ForeignOffsets foreignOffsets, SinkWork work) {
        this.foreignOffsets = foreignOffsets;
        this.work = work;
    }

    /** The line of a partition, with the plan that its predecessor left open, if one did. */
    SinkLine line(Tenure tenure, Restorer.Start start) {
        OffsetAndMetadata committed = start.committed();
        Envelope fresh = work.plan(tenure, start.offset(), start.offset());
        if (committed == null) {
            return new SinkLine(tenure, fresh, work);
        }
        String found;
        try {
            Envelope plan = Envelope.parse(committed.metadata());
            found = foreign(plan, fresh);
            if (found.isEmpty()) {
                return new SinkLine(tenure, plan, work);
            }
            if (foreignOffsets == ForeignOffsets.ADOPT && ours(plan, fresh)) {
                return new SinkLine(tenure, plan, work);
            }
        } catch (CommitText.UnreadableException e) {
            found = String.valueOf(e.getMessage());
        }
        if (foreignOffsets == ForeignOffsets.STOP) {
            throw stop(tenure.partition(), start.offset(), found);
        }
        return new SinkLine(tenure, fresh, work);
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
                + ". Two ways out: make sure that the sink holds no row of this partition from offset " + offset
                + " on, and start once with foreignOffsets(ADOPT); or, if those rows are wanted again, do that and"
                + " raise replay(…)");
    }
}
