package dev.cdp.core.catalog;

import java.util.List;

import dev.cdp.core.schema.CompatibilityReport;

/**
 * How one event differs between two catalogs.
 *
 * @param event its name
 * @param kind which way it changed
 * @param topics the topics that it is published to, in either catalog
 * @param versions the versions that were compared
 * @param columns the columns of its table that changed, in the table's order
 * @param dimensions the names of the dimensions whose field in this event changed
 * @param metrics the names of the metrics over this event that the change touches
 * @param impacts what it means, the gravest first
 */
public record EventDiff(
        String event,
        Kind kind,
        List<String> topics,
        List<VersionDiff> versions,
        List<ColumnChange> columns,
        List<String> dimensions,
        List<String> metrics,
        List<Impact> impacts) {

    /** Copies the lists. */
    public EventDiff {
        topics = List.copyOf(topics);
        versions = List.copyOf(versions);
        columns = List.copyOf(columns);
        dimensions = List.copyOf(dimensions);
        metrics = List.copyOf(metrics);
        impacts = List.copyOf(impacts);
    }

    /** Whether an impact breaks something. */
    public boolean breaking() {
        return impacts.stream().anyMatch(impact -> impact.weight() == Impact.Weight.BREAKING);
    }

    /** Which way an event changed. */
    public enum Kind {
        /** Only the new catalog has it. */
        ADDED,
        /** Only the old catalog has it. */
        REMOVED,
        /** Both have it, and say different things of it. */
        CHANGED
    }

    /**
     * Two versions that were compared.
     *
     * @param before the version in the old catalog, or the one before {@code after} where that is new
     * @param after the version in the new catalog; the same number where a version was changed in place
     * @param report in what they differ, for both ways of reading
     */
    public record VersionDiff(int before, int after, CompatibilityReport report) {}
}
