package dev.cdp.core.validation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.EventSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tells whether a payload is what the catalog says: valid by its schema, and insertable into its table. Producer,
 * consumer and sink ask the same one, so what is accepted at the source fits its table. Thread-safe.
 */
public final class EventValidator {

    private final Catalog catalog;
    private final Map<String, Map<Integer, Compiled>> compiled = new HashMap<>();
    private final Map<String, Compiled> todays = new HashMap<>();

    private EventValidator(Catalog catalog) {
        this.catalog = catalog;
        for (EventDefinition event : catalog.events()) {
            ColumnFit fit = event.table().map(ColumnFit::new).orElse(null);
            Map<Integer, Compiled> versions = new HashMap<>();
            event.versions().forEach((version, schema) -> versions.put(version, Compiled.of(schema, fit)));
            compiled.put(event.name(), versions);
            todays.put(event.name(), Objects.requireNonNull(versions.get(event.version())));
        }
    }

    /** The validator of a catalog; it compiles every schema once. */
    public static EventValidator of(Catalog catalog) {
        return new EventValidator(Objects.requireNonNull(catalog, "catalog"));
    }

    /**
     * Validates a payload against today's version of an event. Nothing that a payload holds makes it throw.
     *
     * @param event the event's name
     * @param json the payload, UTF-8
     */
    public ValidationReport validate(String event, byte[] json) {
        Objects.requireNonNull(json, "json");
        Compiled today = todays.get(Objects.requireNonNull(event, "event"));
        return today == null ? unknownEvent(event) : today.validate(json);
    }

    /** Validates a payload against one version of an event. */
    public ValidationReport validate(String event, int version, byte[] json) {
        Map<Integer, Compiled> versions = compiled.get(event);
        if (versions == null) {
            return unknownEvent(event);
        }
        Compiled schema = versions.get(version);
        return schema == null
                ? ValidationReport.of(new Violation(
                        "",
                        Violation.VERSION,
                        "event '" + event + "' has no version " + version + " in the catalog",
                        ""))
                : schema.validate(json);
    }

    /**
     * Whether a table takes a row of that time: not older than the table keeps, and not more than a day ahead. Both are
     * seen from the record's own timestamp, so the answer is the same whenever the record is read again.
     */
    public ValidationReport validateTime(EventDefinition event, Instant eventTime, Instant recordTimestamp) {
        TableDefinition table = event.table().orElse(null);
        if (table == null) {
            return ValidationReport.ok();
        }
        if (eventTime.isAfter(recordTimestamp.plus(TableDefinition.MAX_AHEAD))) {
            return untimely("more than " + TableDefinition.MAX_AHEAD.toHours() + " h ahead of its record");
        }
        if (table.ttl().isPresent()
                && eventTime.isBefore(recordTimestamp.minus(table.ttl().get()).truncatedTo(ChronoUnit.SECONDS))) {
            return untimely("older than the " + table.ttl().get().toDays() + " days that the table keeps");
        }
        return ValidationReport.ok();
    }

    private static ValidationReport untimely(String found) {
        return ValidationReport.of(new Violation(
                "", Violation.COLUMN, "column " + TableDefinition.EVENT_TIME + ": the event is " + found, ""));
    }

    private ValidationReport unknownEvent(String event) {
        return ValidationReport.of(new Violation(
                "",
                Violation.EVENT,
                "the catalog '" + catalog.name() + "' has no such event" + catalog.didYouMean(event),
                ""));
    }

    /**
     * One version of an event. What the fast tier accepts is valid and fits its columns; whatever it does not accept is
     * decided, and reported, by the oracle over a tree.
     *
     * @param fast absent where a column may hold less than the schema allows, which only a tree can tell
     */
    private record Compiled(
            @Nullable FastSchema fast,
            Oracle oracle,
            @Nullable ColumnFit fit) {

        static Compiled of(EventSchema schema, @Nullable ColumnFit fit) {
            FastSchema fast = fit != null && schema.narrowed() ? null : FastSchema.compile(schema);
            return new Compiled(fast, Oracle.of(schema), fit);
        }

        ValidationReport validate(byte[] json) {
            return fast != null && fast.accepts(json, 0, json.length) ? ValidationReport.ok() : report(json);
        }

        private ValidationReport report(byte[] json) {
            JsonNode tree;
            try {
                tree = StrictJson.parse(json);
            } catch (StrictJson.MalformedException e) {
                return ValidationReport.of(new Violation("", Violation.JSON, String.valueOf(e.getMessage()), ""));
            }
            List<Violation> violations = oracle.validate(tree);
            if (violations.isEmpty() && fit != null) {
                violations = fit.check(tree);
            }
            return violations.isEmpty() ? ValidationReport.ok() : new ValidationReport(violations);
        }
    }
}
