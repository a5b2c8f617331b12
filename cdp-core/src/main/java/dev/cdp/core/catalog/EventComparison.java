package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.EventDiff.Kind;
import dev.cdp.core.catalog.EventDiff.VersionDiff;
import dev.cdp.core.catalog.Impact.Thing;
import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.CompatibilityReport;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.SchemaCompatibility;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference;
import dev.cdp.core.schema.SchemaDifference.Direction;
import org.jspecify.annotations.Nullable;

/** Compares what two catalogs say of one event. For one comparison. */
final class EventComparison {

    private static final int MAX_NAMED = 8;

    private final EventDefinition before;
    private final EventDefinition after;
    private final SchemaCompatibility full;
    private final List<VersionDiff> versions = new ArrayList<>();
    private final List<Impact> impacts = new ArrayList<>();

    EventComparison(EventDefinition before, EventDefinition after, Policy policy) {
        this.before = before;
        this.after = after;
        this.full = SchemaCompatibility.of(SchemaCompatibility.Mode.FULL, policy);
    }

    static EventDiff added(EventDefinition event) {
        List<Impact> impacts = new ArrayList<>();
        impacts.add(new Impact(
                Weight.CARE,
                Thing.CONSUMERS,
                event.topic(),
                "those that still run the old catalog do not know '" + event.name()
                        + "' and dead-letter it as UNKNOWN_EVENT; deploy them before what publishes it"));
        event.table()
                .ifPresent(table -> impacts.add(new Impact(
                        Weight.SAFE,
                        Thing.TABLE,
                        table.database() + "." + table.name(),
                        "it is created with " + table.columns().size() + " columns of fields")));
        return new EventDiff(
                event.name(), Kind.ADDED, List.of(event.topic()), List.of(), List.of(), List.of(), List.of(), impacts);
    }

    static EventDiff removed(EventDefinition event, Catalog newer) {
        List<Impact> impacts = new ArrayList<>();
        impacts.add(new Impact(
                Weight.BREAKING,
                Thing.CONSUMERS,
                event.topic(),
                "records of '" + event.name() + "' that are still on the topic go to " + event.deadLetterTopic()
                        + " as UNKNOWN_EVENT" + newer.didYouMean(event.name())));
        event.table()
                .ifPresent(table -> impacts.add(new Impact(
                        Weight.CARE,
                        Thing.TABLE,
                        table.database() + "." + table.name(),
                        "it stays as it is and is filled no more")));
        return new EventDiff(
                event.name(),
                Kind.REMOVED,
                List.of(event.topic()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                impacts);
    }

    /** Empty where nothing that matters differs. */
    Optional<EventDiff> diff(AggregateDiff aggregates) {
        schemas();
        settings();
        TableComparison tables = new TableComparison(before, after);
        impacts.addAll(tables.impacts());
        Set<String> fields = new LinkedHashSet<>();
        tables.columns().forEach(column -> fields.add(column.pointer()));
        versions.forEach(version -> version.report().differences().forEach(d -> fields.add(d.field())));
        AggregateDiff.Touched touched = aggregates.touchedBy(after, fields);
        impacts.addAll(touched.impacts());
        if (impacts.isEmpty() && versions.isEmpty()) {
            return Optional.empty();
        }
        Set<String> topics = new LinkedHashSet<>(List.of(after.topic(), before.topic()));
        impacts.sort(CatalogDiff.GRAVEST_FIRST);
        return Optional.of(new EventDiff(
                after.name(),
                Kind.CHANGED,
                List.copyOf(topics),
                versions,
                tables.columns(),
                touched.dimensions(),
                touched.metrics(),
                impacts));
    }

    private void schemas() {
        for (var version : before.versions().entrySet()) {
            EventSchema now = after.schema(version.getKey()).orElse(null);
            if (now == null) {
                impact(
                        Weight.BREAKING,
                        Thing.CONSUMERS,
                        before.topic(),
                        "version " + version.getKey() + " of '" + before.name()
                                + "' is gone: records that carry it go to " + after.deadLetterTopic()
                                + " as UNKNOWN_VERSION; keep its schema under 'versions:'");
            } else if (!now.hash().equals(version.getValue().hash())) {
                changedInPlace(version.getKey(), version.getValue(), now);
            }
        }
        for (var version : after.versions().entrySet()) {
            if (before.schema(version.getKey()).isEmpty()) {
                newVersion(version.getKey(), version.getValue());
            }
        }
    }

    private void changedInPlace(int version, EventSchema was, EventSchema now) {
        CompatibilityReport report = full.check(was, now);
        versions.add(new VersionDiff(version, version, report));
        String name = "version " + version + " of '" + after.name() + "' was changed and keeps its number";
        if (!report.reads(Direction.BACKWARD)) {
            impact(
                    Weight.BREAKING,
                    Thing.CONSUMERS,
                    after.topic(),
                    name + ": records on the topic may be invalid now and go to " + after.deadLetterTopic() + ", for "
                            + fields(report, Direction.BACKWARD) + "; raise 'version:' instead");
        }
        if (!report.reads(Direction.FORWARD)) {
            impact(
                    Weight.BREAKING,
                    Thing.CONSUMERS,
                    after.topic(),
                    name + ": those that still run the old catalog may find new records invalid, for "
                            + fields(report, Direction.FORWARD) + "; raise 'version:' instead");
        }
        if (report.compatible()) {
            impact(
                    Weight.CARE,
                    Thing.EVENT,
                    after.name(),
                    name + "; every record is as valid as it was, and a locked version must not change all the same");
        }
    }

    private void newVersion(int version, EventSchema schema) {
        var previous = after.versions().lowerEntry(version);
        impact(
                Weight.CARE,
                Thing.CONSUMERS,
                after.topic(),
                "those that still run the old catalog do not know version " + version + " of '" + after.name()
                        + "' and dead-letter it as UNKNOWN_VERSION; deploy them before what publishes it");
        int baseVersion = previous == null ? before.version() : previous.getKey();
        EventSchema base = previous == null
                ? before.schema()
                : Objects.requireNonNull(previous).getValue();
        CompatibilityReport report = full.check(base, schema);
        versions.add(new VersionDiff(baseVersion, version, report));
        String pair = "version " + baseVersion + " of '" + after.name() + "'";
        if (!report.reads(Direction.BACKWARD)) {
            impact(
                    Weight.BREAKING,
                    Thing.CONSUMERS,
                    after.topic(),
                    "code written for version " + version + " meets records of " + pair
                            + " that are not what it expects, in " + fields(report, Direction.BACKWARD)
                            + "; each record is still judged by its own version");
        }
        if (!report.reads(Direction.FORWARD)) {
            impact(
                    Weight.CARE,
                    Thing.CONSUMERS,
                    after.topic(),
                    "readers that know only " + pair + ", and do not ask the catalog, meet what they do not expect in "
                            + fields(report, Direction.FORWARD));
        }
        if (report.compatible()) {
            impact(Weight.SAFE, Thing.EVENT, after.name(), "version " + version + " reads and is read by " + pair);
        }
    }

    private static String fields(CompatibilityReport report, Direction direction) {
        List<String> names = report.differences().stream()
                .filter(difference -> difference.breaks() == direction)
                .map(SchemaDifference::field)
                .map(field -> field.isEmpty() ? "the payload" : field)
                .distinct()
                .toList();
        String shown = names.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
        return names.size() > MAX_NAMED ? shown + " and " + (names.size() - MAX_NAMED) + " more fields" : shown;
    }

    private void settings() {
        changed(
                "topic",
                before.topic(),
                after.topic(),
                Weight.BREAKING,
                "consumers of " + before.topic()
                        + " get no more of it; subscribe to both until the old one is drained");
        changed(
                "key",
                before.pointers().key(),
                after.pointers().key(),
                Weight.BREAKING,
                "records of one thing go to other partitions than before, so their order is lost across the change");
        changed(
                "partitions",
                before.partitions(),
                after.partitions(),
                Weight.CARE,
                "a topic that exists keeps its number; changing it by hand sends keys to other partitions");
        changed(
                "dead-letter-topic",
                before.deadLetterTopic(),
                after.deadLetterTopic(),
                Weight.CARE,
                "create the new one, and redrive what is in the old one");
        changed(
                "time",
                before.pointers().time(),
                after.pointers().time(),
                Weight.CARE,
                "event_time means another field");
        changed("subject", subject(before), subject(after), Weight.CARE, "ce_subject names another thing");
        changed(
                "discriminator",
                before.discriminator().orElse(null),
                after.discriminator().orElse(null),
                Weight.CARE,
                "records without ce_type are told apart in another way");
        changed(
                "mode",
                before.mode(),
                after.mode(),
                after.mode() == Mode.ENFORCE ? Weight.BREAKING : Weight.CARE,
                after.mode() == Mode.ENFORCE
                        ? "records that were let through are refused now"
                        : "records that were refused are let through now");
        if (after.version() < before.version()) {
            impact(
                    Weight.CARE,
                    Thing.EVENT,
                    after.name(),
                    "version " + after.version() + " is published again, after version " + before.version());
        }
    }

    private static @Nullable String subject(EventDefinition event) {
        EventDefinition.Pointers pointers = event.pointers();
        return pointers.subjectId() == null ? null : pointers.subjectType() + ":" + pointers.subjectId();
    }

    private void changed(String setting, @Nullable Object was, @Nullable Object is, Weight weight, String meaning) {
        if (!Objects.equals(was, is)) {
            String values = (was == null ? "nothing" : was) + " → " + (is == null ? "nothing" : is);
            impact(weight, Thing.EVENT, after.name(), setting + " changed, " + values + ": " + meaning);
        }
    }

    private void impact(Weight weight, Thing on, String name, String message) {
        impacts.add(new Impact(weight, on, name, message));
    }
}
