package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.cdp.core.schema.SchemaDifference.Direction;

/**
 * Tells whether data of one version of a schema can be read by another. It proves: what it cannot prove is a
 * difference, so a report without differences can be relied on. Immutable and thread-safe.
 */
public final class SchemaCompatibility {

    private final Mode mode;
    private final Policy policy;

    private SchemaCompatibility(Mode mode, Policy policy) {
        this.mode = mode;
        this.policy = policy;
    }

    /** The comparison by a mode and a policy. */
    public static SchemaCompatibility of(Mode mode, Policy policy) {
        return new SchemaCompatibility(Objects.requireNonNull(mode, "mode"), Objects.requireNonNull(policy, "policy"));
    }

    /** Compares two versions; the report has the differences of both directions, whatever the mode asks about. */
    public CompatibilityReport check(EventSchema older, EventSchema newer) {
        List<SchemaDifference> differences = new ArrayList<>();
        if (!older.hash().equals(newer.hash())) {
            SchemaGraph oldGraph = SchemaGraph.of(older);
            SchemaGraph newGraph = SchemaGraph.of(newer);
            differences.addAll(Containment.differences(oldGraph, newGraph, Direction.BACKWARD, policy));
            differences.addAll(Containment.differences(newGraph, oldGraph, Direction.FORWARD, policy));
        }
        return new CompatibilityReport(mode, policy, differences);
    }

    /**
     * Compares the last of some versions with the one before it, or in a transitive mode with every one before it.
     *
     * @param versions in the order in which they came
     * @return a report for each comparison, the oldest version's first; none for a single version
     */
    public List<CompatibilityReport> check(List<EventSchema> versions) {
        List<CompatibilityReport> reports = new ArrayList<>();
        int last = versions.size() - 1;
        for (int i = mode.transitive() ? 0 : Math.max(0, last - 1); i < last; i++) {
            reports.add(check(versions.get(i), versions.get(last)));
        }
        return reports;
    }

    /** What must be readable by what. */
    public enum Mode {
        /** The new version reads data of the one before. */
        BACKWARD(false, true, false),
        /** The version before reads data of the new one. */
        FORWARD(false, false, true),
        /** Both. */
        FULL(false, true, true),
        /** The new version reads data of every one before. */
        BACKWARD_TRANSITIVE(true, true, false),
        /** Every version before reads data of the new one. */
        FORWARD_TRANSITIVE(true, false, true),
        /** Both. */
        FULL_TRANSITIVE(true, true, true);

        private final boolean transitive;
        private final boolean backward;
        private final boolean forward;

        Mode(boolean transitive, boolean backward, boolean forward) {
            this.transitive = transitive;
            this.backward = backward;
            this.forward = forward;
        }

        /** Whether every version before counts, not only the last. */
        public boolean transitive() {
            return transitive;
        }

        boolean asksFor(Direction direction) {
            return direction == Direction.BACKWARD ? backward : forward;
        }
    }

    /** How much is taken on trust. */
    public enum Policy {
        /** Nothing: what one schema allows, the other allows. */
        STRICT,
        /**
         * A property that only one schema declares, optional and in an object that the other leaves open, is taken to
         * have never been written under the other: strictly, anything may stand there.
         */
        LENIENT
    }
}
