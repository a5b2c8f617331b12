package dev.cdp.core.validation;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a payload is what the catalog says: valid by its schema, and insertable into its table. Producer,
 * consumer and sink ask the same one, so what is accepted at the source fits its table. Thread-safe.
 */
public final class EventValidator {

    private final Catalog catalog;
    private final Map<String, Map<Integer, CompiledSchema>> compiled = new HashMap<>();
    private final Map<String, CompiledSchema> todays = new HashMap<>();

    private EventValidator(Catalog catalog) {
        this.catalog = catalog;
        for (EventDefinition event : catalog.events()) {
            ColumnFit fit = event.table().map(ColumnFit::new).orElse(null);
            Map<Integer, CompiledSchema> versions = new HashMap<>();
            List<Column> columns = event.table().map(TableDefinition::columns).orElse(List.of());
            event.versions()
                    .forEach((version, schema) -> versions.put(version, CompiledSchema.of(schema, fit, columns)));
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
        CompiledSchema today = todays.get(Objects.requireNonNull(event, "event"));
        return today == null ? unknownEvent(event) : today.validate(json);
    }

    /** Validates a payload against one version of an event. */
    public ValidationReport validate(String event, int version, byte[] json) {
        CompiledSchema schema = schema(event, version);
        return schema == null ? unknownVersion(event, version) : schema.validate(json);
    }

    /**
     * As {@link #validate(String, int, byte[])}, and tells in the same pass where the values of the event's columns stand.
     *
     * @param places made for the columns of the event's table in this validator's catalog; for others it is not known
     */
    public ValidationReport validate(String event, int version, byte[] json, FieldPlaces places) {
        places.clear();
        CompiledSchema schema = schema(event, version);
        return schema == null ? unknownVersion(event, version) : schema.validate(json, places);
    }

    private @Nullable CompiledSchema schema(String event, int version) {
        Map<Integer, CompiledSchema> versions = compiled.get(event);
        return versions == null ? null : versions.get(version);
    }

    private ValidationReport unknownVersion(String event, int version) {
        return compiled.containsKey(event)
                ? ValidationReport.of(new Violation(
                        "", Violation.VERSION, "event '" + event + "' has no version " + version + " in the catalog"))
                : unknownEvent(event);
    }

    /**
     * Whether a table takes a row of that time: from 1900 to 2299, not older than the table keeps, and not more than a day
     * ahead. These two are seen from the record's own timestamp, so the answer is the same whenever the record is read again.
     */
    public ValidationReport validateTime(EventDefinition event, Instant eventTime, Instant recordTimestamp) {
        TableDefinition table = event.table().orElse(null);
        if (table == null) {
            return ValidationReport.ok();
        }
        if (eventTime.isBefore(ColumnFit.MIN_TIME) || eventTime.isAfter(ColumnFit.MAX_TIME)) {
            return untimely("not of the years from 1900 to 2299");
        }
        long seconds = eventTime.getEpochSecond();
        long recordSeconds = recordTimestamp.getEpochSecond();
        long ahead = seconds - TableDefinition.MAX_AHEAD.toSeconds() - recordSeconds;
        if (ahead > 0 || (ahead == 0 && eventTime.getNano() > recordTimestamp.getNano())) {
            return untimely("more than " + TableDefinition.MAX_AHEAD.toHours() + " h ahead of its record");
        }
        if (table.ttl().isPresent()
                && seconds < recordSeconds - table.ttl().get().toSeconds()) {
            return untimely("older than the " + table.ttl().get().toDays() + " days that the table keeps");
        }
        return ValidationReport.ok();
    }

    private static ValidationReport untimely(String found) {
        return ValidationReport.of(new Violation(
                "", Violation.COLUMN, "column " + TableDefinition.EVENT_TIME + ": the event is " + found));
    }

    private ValidationReport unknownEvent(String event) {
        return ValidationReport.of(new Violation(
                "",
                Violation.EVENT,
                "the catalog '" + catalog.name() + "' has no such event" + catalog.didYouMean(event)));
    }
}
