package dev.cdp.core.event;

import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a Java class becomes an event's JSON and comes back: properties in snake_case unless {@code @JsonProperty} says
 * otherwise, {@code null} left out, {@link java.time.Instant} as RFC 3339 in UTC. On reading, unknown properties are
 * ignored and an unknown enum constant is {@code null}. Thread-safe.
 *
 * @param <T> the class that is bound
 */
public final class EventBinding<T> {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(include -> include.withValueInclusion(JsonInclude.Include.NON_NULL)
                    .withContentInclusion(JsonInclude.Include.NON_NULL))
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();

    private final Class<T> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private volatile @Nullable RecordWriter records;

    private EventBinding(Class<T> type) {
        JavaType javaType = MAPPER.constructType(type);
        this.type = type;
        this.writer = MAPPER.writerFor(javaType);
        this.reader = MAPPER.readerFor(javaType);
    }

    /** The binding of a class. */
    public static <T> EventBinding<T> of(Class<T> type) {
        return new EventBinding<>(type);
    }

    /** The event that a class carries: its {@link EventType}, else its own name in snake_case. */
    public static String eventType(Class<?> type) {
        EventType annotation = type.getAnnotation(EventType.class);
        return annotation != null ? annotation.value() : snakeCase(type.getSimpleName());
    }

    /** The property that a record's component is written as where no {@code @JsonProperty} says otherwise. */
    public static String propertyName(String component) {
        return PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, component);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    /** The class. */
    public Class<T> type() {
        return type;
    }

    /** What it writes, as far as that can be told before there is an object. */
    public BoundValue written() {
        return BoundValues.of(MAPPER, type);
    }

    /** Why no payload can be read as this class, whatever is in it: it has no constructor that Jackson can use. */
    public Optional<String> definitionProblem() {
        try {
            Object unused = reader.readValue("{}");
            return Optional.empty();
        } catch (InvalidDefinitionException e) {
            return Optional.of("Jackson cannot make objects of " + type.getName() + ": " + e.getOriginalMessage());
        } catch (JacksonException e) {
            return Optional.empty(); // an empty object need not be a valid payload
        }
    }

    /**
     * The payload's JSON, UTF-8.
     *
     * @throws BindingException if the object cannot be written
     */
    public byte[] write(T payload) {
        byte[] json = records().write(payload);
        if (json != null) {
            return json;
        }
        try {
            return writer.writeValueAsBytes(payload);
        } catch (JacksonException e) {
            throw BindingException.of("written as JSON", type, e);
        }
    }

    /** Made by the first write, as most bindings of a consumer only read; two made at once are the same. */
    private RecordWriter records() {
        RecordWriter made = records;
        if (made == null) {
            made = new RecordWriter(MAPPER, type);
            records = made;
        }
        return made;
    }

    /**
     * The object of a payload's JSON.
     *
     * @throws BindingException if the JSON does not fit the class
     */
    public T read(byte[] json) {
        try {
            return reader.readValue(json);
        } catch (JacksonException e) {
            throw BindingException.of("read from JSON", type, e);
        }
    }
}
