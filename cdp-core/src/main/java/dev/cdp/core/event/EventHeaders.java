package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The headers of one record in their order: names may repeat, a value is bytes or absent. Immutable, except that the
 * byte arrays are not copied.
 */
public final class EventHeaders implements Iterable<EventHeaders.Header> {

    private static final EventHeaders NONE = new EventHeaders(List.of());

    private final List<Header> headers;

    private EventHeaders(List<Header> headers) {
        this.headers = headers;
    }

    /** No headers. */
    public static EventHeaders none() {
        return NONE;
    }

    /** A builder without headers. */
    public static Builder builder() {
        return new Builder(new ArrayList<>());
    }

    /** A builder without headers, and with room for so many. */
    public static Builder builder(int size) {
        return new Builder(new ArrayList<>(size));
    }

    /** The bytes of the last header of that name, as Kafka's {@code lastHeader} has it. */
    public Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(last(name));
    }

    /** The last header of that name as UTF-8 text. */
    public Optional<String> text(String name) {
        byte[] value = last(name);
        return value == null ? Optional.empty() : Optional.of(new String(value, StandardCharsets.UTF_8));
    }

    private byte @Nullable [] last(String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).name().equals(name)) {
                return headers.get(i).value();
            }
        }
        return null;
    }

    /** How many there are. */
    public int size() {
        return headers.size();
    }

    @Override
    public Iterator<Header> iterator() {
        return headers.iterator();
    }

    /** The names, in order; never the values, which may be personal. */
    @Override
    public String toString() {
        return headers.stream().map(Header::name).toList().toString();
    }

    /** One header. Two are equal only if they are the same; compare names and bytes where that is meant. */
    public static final class Header {

        private final String name;
        private final byte @Nullable [] value;

        private Header(String name, byte @Nullable [] value) {
            this.name = Objects.requireNonNull(name, "name");
            this.value = value;
        }

        /** Its name. */
        public String name() {
            return name;
        }

        /** Its bytes, not a copy; {@code null} where the record carries a header without a value. */
        public byte @Nullable [] value() {
            return value;
        }
    }

    /** Collects headers in order. Not thread-safe. */
    public static final class Builder {

        private final List<Header> headers;

        private Builder(List<Header> headers) {
            this.headers = headers;
        }

        /** Appends a header; one of the same name stays in front of it. */
        public Builder add(String name, byte @Nullable [] value) {
            headers.add(new Header(name, value));
            return this;
        }

        /** Appends a header of UTF-8 text. */
        public Builder add(String name, String text) {
            return add(name, text.getBytes(StandardCharsets.UTF_8));
        }

        /** Appends all of them. */
        public Builder addAll(EventHeaders others) {
            headers.addAll(others.headers);
            return this;
        }

        /** Removes every header of that name. */
        public Builder remove(String name) {
            headers.removeIf(header -> header.name().equals(name));
            return this;
        }

        /** The headers so far. */
        public EventHeaders build() {
            return headers.isEmpty() ? NONE : new EventHeaders(List.copyOf(headers));
        }
    }
}
