package dev.cdp.core.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.SchemaCompatibility.Policy;

/**
 * What lies between two catalogs, and what it means for each event, consumer, table, metric and dimension.
 *
 * @param events the events that differ: those of the new catalog in its order, then those that are gone
 * @param aggregates what it means for dimensions and metrics that were themselves added, removed or changed
 */
public record CatalogDiff(List<EventDiff> events, List<Impact> aggregates) {

    static final Comparator<Impact> GRAVEST_FIRST =
            Comparator.comparing(Impact::weight).thenComparing(Impact::on);

    /** Copies the lists. */
    public CatalogDiff {
        events = List.copyOf(events);
        aggregates = List.copyOf(aggregates);
    }

    /** The difference by {@link Policy#LENIENT}: fields that were never declared are taken to have never been sent. */
    public static CatalogDiff between(Catalog older, Catalog newer) {
        return between(older, newer, Policy.LENIENT);
    }

    /** The difference by a policy of comparing schemas. */
    public static CatalogDiff between(Catalog older, Catalog newer, Policy policy) {
        AggregateDiff aggregates = new AggregateDiff(older, newer);
        List<EventDiff> events = new ArrayList<>();
        for (EventDefinition after : newer.events()) {
            EventDefinition before = older.event(after.name()).orElse(null);
            if (before == null) {
                events.add(EventComparison.added(after));
            } else {
                new EventComparison(before, after, policy).diff(aggregates).ifPresent(events::add);
            }
        }
        for (EventDefinition before : older.events()) {
            if (newer.event(before.name()).isEmpty()) {
                events.add(EventComparison.removed(before, newer));
            }
        }
        return new CatalogDiff(events, aggregates.impacts());
    }

    /**
     * The difference of the catalogs in two files. What stands in a {@code cdp.lock} beside them is not asked: a locked
     * version that changed is what one wants to see here.
     *
     * @throws InvalidCatalogException if one of them, or a file that it names, is absent or wrong
     */
    public static CatalogDiff between(Path older, Path newer, Policy policy) {
        return between(load(older), load(newer), policy);
    }

    private static Catalog load(Path file) {
        CatalogReader.Result result = Catalog.readAll(file);
        List<Problem> others = result.problems().stream()
                .filter(problem -> !CatalogLock.concerns(problem))
                .toList();
        return new CatalogReader.Result(result.catalog(), others).catalogOrThrow();
    }

    /** Whether both say the same. */
    public boolean isEmpty() {
        return events.isEmpty() && aggregates.isEmpty();
    }

    /** Whether something breaks. */
    public boolean breaking() {
        return impacts().anyMatch(impact -> impact.weight() == Weight.BREAKING);
    }

    /** Every impact, event by event, then those of dimensions and metrics. */
    public Stream<Impact> impacts() {
        return Stream.concat(events.stream().flatMap(event -> event.impacts().stream()), aggregates.stream());
    }

    /** The topics whose consumers are concerned. */
    public Set<String> topics() {
        Set<String> topics = new LinkedHashSet<>();
        events.forEach(event -> topics.addAll(event.topics()));
        return topics;
    }
}
