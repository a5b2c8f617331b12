package dev.cdp.testkit;

import java.time.Instant;
import java.util.Objects;

import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * AssertJ assertions on an event that was published, by the JSON that would be on the wire; needs {@code
 * org.assertj:assertj-core} on the class path.
 */
public final class EventAssert extends AbstractAssert<EventAssert, RecordedEvent<?>> {

    private static final JsonMapper JSON = JsonMapper.shared();

    private EventAssert(RecordedEvent<?> actual) {
        super(actual, EventAssert.class);
    }

    /** Begins assertions on an event. */
    public static EventAssert assertThat(RecordedEvent<?> actual) {
        return new EventAssert(actual);
    }

    /** Its name in the catalog. */
    public EventAssert hasType(String expected) {
        return same("type", actual.attributes().type(), expected);
    }

    /** Its id. */
    public EventAssert hasId(String expected) {
        return same("id", actual.attributes().id(), expected);
    }

    /** The key of its record. */
    public EventAssert hasKey(String expected) {
        return same("key", actual.keyOrNull(), expected);
    }

    /** What it is about, as {@code type:id}. */
    public EventAssert hasSubject(String expected) {
        return same("subject", actual.attributes().subjectOrNull(), expected);
    }

    /** When it happened. */
    public EventAssert hasTime(Instant expected) {
        return same("time", actual.attributes().time(), expected);
    }

    /** A header that the caller added. */
    public EventAssert hasHeader(String name, String expected) {
        return same("header " + name, actual.options().headers().text(name).orElse(null), expected);
    }

    /** That its schema and its table accept it, whatever its mode. */
    public EventAssert isValid() {
        if (!actual.report().valid()) {
            throw failure("expected %s to be valid, and it has violations:%n%s", actual, actual.report());
        }
        return this;
    }

    /**
     * The value at a JSON Pointer of its payload.
     *
     * @param expected a text, number or truth value; numbers are compared by value, so that 2 equals 2.0
     */
    public EventAssert hasField(String pointer, Object expected) {
        JsonNode found = at(pointer);
        if (found.isMissingNode()) {
            throw failure("expected %s to have a field %s, and it has none: %s", actual, pointer, payload());
        }
        boolean same = (found.isNumber() && expected instanceof Number number)
                ? found.decimalValue().compareTo(new java.math.BigDecimal(number.toString())) == 0
                : found.isValueNode() && found.equals(JSON.valueToTree(expected));
        if (!same) {
            throw failureWithActualExpected(
                    found, expected, "expected field %s of %s to be %s, found %s", pointer, actual, expected, found);
        }
        return this;
    }

    /** That nothing stands at a JSON Pointer of its payload. */
    public EventAssert hasNoField(String pointer) {
        JsonNode found = at(pointer);
        if (!found.isMissingNode()) {
            throw failure("expected %s to have no field %s, found %s", actual, pointer, found);
        }
        return this;
    }

    private EventAssert same(String what, @Nullable Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw failureWithActualExpected(
                    found, expected, "expected the %s of %s to be %s, found %s", what, actual, expected, found);
        }
        return this;
    }

    private JsonNode at(String pointer) {
        return payload().at(pointer);
    }

    private JsonNode payload() {
        return JSON.readTree(actual.json());
    }
}
