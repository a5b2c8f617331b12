package dev.cdp.core.catalog;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/** Reads the metrics that aggregate facts: which event's, which of its fields, and by which dimensions. */
final class AggregateReader {

    private static final Map<String, Column> SYSTEM_COLUMNS = Map.of(
            TableDefinition.EVENT_TIME,
            new Column(TableDefinition.EVENT_TIME, "", new ColumnType.DateTime(3), "When it happened."),
            "event_version",
            new Column("event_version", "", new ColumnType.Int(32, ColumnType.Int.Sign.UNSIGNED), "Its version."));

    private final Map<String, EventDefinition> events;
    private final Set<String> declaredEvents;
    private final Map<String, Dimension> dimensions;
    private final Set<String> declaredDimensions;

    /** The declared names include what could not be read, and is not reported a second time. */
    AggregateReader(
            Map<String, EventDefinition> events,
            Set<String> declaredEvents,
            Map<String, Dimension> dimensions,
            Set<String> declaredDimensions) {
        this.events = events;
        this.declaredEvents = declaredEvents;
        this.dimensions = dimensions;
        this.declaredDimensions = declaredDimensions;
    }

    /** The metric of a form with a {@code fact}, or null where a problem leaves nothing to aggregate. */
    @Nullable
    Metric read(YamlForm form, MetricReader.Common common) {
        EventDefinition fact = fact(form);
        Measure measure = measure(form);
        if (fact == null || measure == null) {
            return null;
        }
        TableDefinition table = fact.table().orElse(null);
        if (table == null) {
            form.problemAt(
                    "fact",
                    "fact-without-table",
                    "fact: '" + fact.name() + "' has 'table: none', so there is nothing to aggregate");
            return null;
        }
        Column of = measure == Measure.COUNT ? refuseOf(form) : of(form, fact, table, measure);
        double level = level(form, measure);
        Metric.Precision precision = precision(form, measure);
        Condition where = where(form, fact, table);
        List<Dimension> by = DimensionReader.resolve(form, fact, dimensions, declaredDimensions);
        if (of == null && measure != Measure.COUNT) {
            return null;
        }
        return new Metric.Aggregate(
                common.name(),
                common.description(),
                common.owner(),
                common.unit(),
                by,
                fact,
                measure,
                of,
                level,
                precision,
                where);
    }

    private @Nullable EventDefinition fact(YamlForm form) {
        String name = form.text("fact");
        EventDefinition fact = name == null ? null : events.get(name);
        if (name != null && fact == null && !declaredEvents.contains(name)) {
            form.problemAt(
                    "fact",
                    "unknown-fact",
                    "fact: no event '" + DidYouMean.shown(name) + "' is declared"
                            + DidYouMean.hint(name, declaredEvents));
        }
        return fact;
    }

    private static @Nullable Measure measure(YamlForm form) {
        String known = "count, sum, avg, min, max, distinct or quantile";
        if (form.node("measure") == null) {
            form.problemAt("", "missing-key", form.title() + ": 'measure' is missing; it is " + known);
            return null;
        }
        return form.scalar("measure", known, text -> {
            for (Measure measure : Measure.values()) {
                if (measure.word().equals(text)) {
                    return measure;
                }
            }
            throw new IllegalArgumentException((String) null);
        });
    }

    private static @Nullable Column refuseOf(YamlForm form) {
        if (form.node("of") != null) {
            form.problemAt(
                    "of",
                    "metric-type",
                    "of: a count counts facts, not a field; write 'where: \"field is not null\"' to count those that"
                            + " have it");
        }
        return null;
    }

    private static @Nullable Column of(YamlForm form, EventDefinition fact, TableDefinition table, Measure measure) {
        String pointer = form.required("of", "/dwell_ms");
        if (pointer.isEmpty()) {
            return null;
        }
        Column column = table.columnAt(pointer).orElse(null);
        if (column == null) {
            List<String> known = table.columns().stream().map(Column::pointer).toList();
            form.problemAt(
                    "of",
                    "unknown-field",
                    "of: '" + fact.name() + "' has no field '" + DidYouMean.shown(pointer) + "'"
                            + (pointer.startsWith("/")
                                    ? DidYouMean.hint(pointer, known)
                                    : "; a JSON Pointer begins with '/'"));
            return null;
        }
        if (!measurable(ConditionReader.bare(column.type()), measure)) {
            form.problemAt(
                    "of",
                    "metric-type",
                    "of: " + measure.word() + " wants "
                            + (measure == Measure.DISTINCT
                                    ? "a field that holds one value"
                                    : measure == Measure.MIN || measure == Measure.MAX
                                            ? "a number or a time"
                                            : "a number")
                            + ", found " + DidYouMean.shown(pointer) + " stored as "
                            + column.type().sql());
            return null;
        }
        return column;
    }

    private static boolean measurable(ColumnType type, Measure measure) {
        boolean number =
                type instanceof ColumnType.Int || type instanceof ColumnType.Real || type instanceof ColumnType.Decimal;
        boolean time = type instanceof ColumnType.DateTime || type instanceof ColumnType.Date;
        return switch (measure) {
            case COUNT -> true;
            case SUM, AVG, QUANTILE -> number;
            case MIN, MAX -> number || time;
            case DISTINCT -> DimensionReader.sliceable(type);
        };
    }

    private static double level(YamlForm form, Measure measure) {
        Double level = form.scalar("quantile", "a number between 0 and 1 such as 0.95", text -> {
            if (!text.matches("0?\\.[0-9]{1,9}") || Double.parseDouble(text) <= 0) {
                throw new IllegalArgumentException((String) null);
            }
            return Double.valueOf(text);
        });
        boolean given = form.node("quantile") != null;
        if (given != (measure == Measure.QUANTILE)) {
            form.problemAt(
                    given ? "quantile" : "measure",
                    given ? "metric-form" : "missing-key",
                    given
                            ? "quantile: belongs to 'measure: quantile', found '" + measure.word() + "'"
                            : "measure: a quantile wants 'quantile: 0.95', the part of all values below it");
        }
        return level == null ? 0 : level;
    }

    private static Metric.Precision precision(YamlForm form, Measure measure) {
        Boolean approximate = form.scalar("approximate", "true or false", text -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException((String) null);
            }
            return Boolean.valueOf(text);
        });
        if (!Boolean.TRUE.equals(approximate)) {
            return Metric.Precision.EXACT;
        }
        if (measure != Measure.DISTINCT && measure != Measure.QUANTILE) {
            form.problemAt(
                    "approximate",
                    "metric-form",
                    "approximate: belongs to 'measure: distinct' and 'measure: quantile'; '" + measure.word()
                            + "' costs no more when it is exact");
        }
        return Metric.Precision.APPROXIMATE;
    }

    private static @Nullable Condition where(YamlForm form, EventDefinition fact, TableDefinition table) {
        String text = form.text("where");
        try {
            return text == null
                    ? null
                    : ConditionReader.read(text, name -> table.column(name).orElse(SYSTEM_COLUMNS.get(name)));
        } catch (ConditionReader.UnknownColumnException e) {
            Set<String> known = new LinkedHashSet<>(SYSTEM_COLUMNS.keySet());
            table.columns().forEach(column -> known.add(column.name()));
            form.problemAt(
                    "where",
                    "unknown-column",
                    "where: the table of '" + fact.name() + "' has no column '" + DidYouMean.shown(e.column()) + "'"
                            + DidYouMean.hint(e.column(), known));
        } catch (IllegalArgumentException e) {
            form.problemAt("where", "where", "where: " + e.getMessage());
        }
        return null;
    }
}
