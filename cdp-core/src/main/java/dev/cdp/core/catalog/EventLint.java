package dev.cdp.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cdp.core.catalog.EventDefinition.Pointers;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.EventSchema;
import org.jspecify.annotations.Nullable;

/** Looks at the fields that an event names: whether every payload, of every version, has them. */
final class EventLint {

    private final EventDefinition event;
    private final CatalogLinter linter;

    EventLint(EventDefinition event, CatalogLinter linter) {
        this.event = event;
        this.linter = linter;
    }

    void check() {
        Pointers pointers = event.pointers();
        field("key", pointers.key(), "a record without it has no key, and its order is not kept");
        field("time", pointers.time(), "an event without it counts as happening when it was published");
        field("subject", pointers.subjectId(), "");
        Discriminator discriminator = event.discriminator().orElse(null);
        if (discriminator != null) {
            field("discriminator", discriminator.field(), "a record without it cannot be told from others");
            value(discriminator);
        }
        if (event.owner().isEmpty() || event.description().isEmpty()) {
            linter.add(
                    LintRule.UNDOCUMENTED,
                    List.of("events", event.name()),
                    "has no " + (event.owner().isEmpty() ? "owner" : "description")
                            + "; whoever finds one of its dead letters will want to know");
        }
    }

    /** {@code consequence} is empty where a payload may well go without the field. */
    private void field(String key, @Nullable String pointer, String consequence) {
        if (pointer == null) {
            return;
        }
        Column column = column(event.schema(), pointer).orElse(null);
        if (column != null && !DimensionReader.sliceable(column.type())) {
            add(
                    LintRule.UNREACHABLE_FIELD,
                    key,
                    pointer + " is stored as " + column.type().sql()
                            + ", a list or an object, of which there is no one text; name a field that holds one value");
        } else if (column != null && column.optional() && !consequence.isEmpty()) {
            add(
                    LintRule.OPTIONAL_FIELD,
                    key,
                    pointer + " may be absent or null; " + consequence
                            + "; make it required, and every object around it");
        }
        for (var version : event.versions().entrySet()) {
            boolean old = version.getKey() != event.version(); // that today's lacks it is a problem already
            if (old && column(version.getValue(), pointer).isEmpty()) {
                add(
                        LintRule.VERSION_LACKS_FIELD,
                        key,
                        "version " + version.getKey() + " declares no " + pointer
                                + ", so records that carry it are read without"
                                + (key.equals("time") ? " and count as happening when they were stored" : ""));
            }
        }
    }

    private void value(Discriminator discriminator) {
        Set<String> values =
                linter.linter(event.schema()).values(discriminator.field()).orElse(Set.of());
        if (!values.isEmpty() && !values.contains(discriminator.value())) {
            add(
                    LintRule.DISCRIMINATOR_VALUE,
                    "discriminator",
                    "the schema never lets " + discriminator.field() + " be '" + discriminator.value()
                            + "', so no valid record is told by it");
        } else if (values.size() != 1) {
            add(
                    LintRule.DISCRIMINATOR_LOOSE,
                    "discriminator",
                    "the schema lets " + discriminator.field()
                            + " hold other values too; add \"const\": \"" + discriminator.value()
                            + "\", so that an event cannot call itself another");
        }
    }

    private static Optional<Column> column(EventSchema schema, String pointer) {
        return schema.columns().stream()
                .filter(column -> column.pointer().equals(pointer))
                .findFirst();
    }

    private void add(LintRule rule, String key, String message) {
        linter.add(rule, List.of("events", event.name(), key), key + ": " + message);
    }
}
