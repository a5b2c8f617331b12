package dev.cdp.core.validation;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What ClickHouse's {@code JSON} would store as another value, and say nothing: it keeps each path as a column of its own, and
 * lists as lists of one type.
 *
 * @see <a href="https://clickhouse.com/docs/sql-reference/data-types/newjson">JSON</a>
 */
final class JsonColumnFit {

    /** Beyond it a number is rounded where another row has a fraction at the same place. */
    private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

    private JsonColumnFit() {}

    /** Why an object does not come out as it goes in, or null. */
    static @Nullable String loss(JsonNode object) {
        for (var entry : object.properties()) {
            String name = entry.getKey();
            if (name.isEmpty() || name.indexOf('.') >= 0) {
                return "expected names without dots that are not empty, which a JSON column reads as places";
            }
            String loss = inside(entry.getValue());
            if (loss != null) {
                return loss;
            }
        }
        return null;
    }

    private static @Nullable String inside(JsonNode value) {
        if (value.isObject()) {
            return value.isEmpty() ? "expected objects with fields, since an empty one is not stored" : loss(value);
        }
        if (value.isArray()) {
            Set<String> kinds = new HashSet<>();
            String loss = list(value, 1, kinds);
            return loss != null || kinds.size() <= 1
                    ? loss
                    : "expected lists of one kind of value, since others are converted";
        }
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            boolean exact = number.abs().compareTo(EXACT) <= 0
                    && number.precision() <= 40
                    && new BigDecimal(Double.toString(number.doubleValue())).compareTo(number) == 0;
            return exact ? null : "expected numbers that a Float64 holds exactly, or whole ones to 2^53";
        }
        return null;
    }

    /** Notes how deep in lists which kinds of values stand. */
    private static @Nullable String list(JsonNode list, int depth, Set<String> kinds) {
        for (JsonNode element : list) {
            String loss = element.isArray() ? list(element, depth + 1, kinds) : inside(element);
            if (loss != null) {
                return loss;
            }
            if (!element.isArray() && !element.isNull()) {
                kinds.add(depth + (element.isNumber() ? "number" : ValueTypes.name(element)));
            }
        }
        return null;
    }
}
