package dev.cdp.core.event;

import java.lang.annotation.Annotation;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.BeanSerializer;
import tools.jackson.databind.ser.PropertyWriter;
import tools.jackson.databind.ser.UnrolledBeanSerializer;
import tools.jackson.databind.ser.jdk.EnumSerializer;

/**
 * Writes plain records as JSON, byte for byte what {@link EventBinding}'s mapper writes and in less than half the time
 * (decision 0043). Names, order and accessors are Jackson's own; a record is plain if each of its properties is text, a
 * number, a boolean, an enum, an instant, a UUID, a plain record or a list of such, and is not changed by an annotation.
 * Everything else is left to Jackson. Thread-safe.
 */
final class RecordWriter {

    private static final int MAX_DEPTH = 16;

    /** Those that change nothing but what {@code properties()} of Jackson's serializer tells. */
    private static final Set<Class<?>> ON_CLASSES =
            Set.of(JsonPropertyOrder.class, JsonIgnoreProperties.class, EventType.class);

    private static final Set<Class<?>> ON_PROPERTIES = Set.of(JsonProperty.class, JsonPropertyDescription.class);

    private final Value root;

    private RecordWriter(Value root) {
        this.root = root;
    }

    /** The writer of a class; null where it is not plain. */
    static @Nullable RecordWriter of(JsonMapper mapper, Class<?> type) {
        try {
            return new RecordWriter(new Compiler(mapper).value(mapper.constructType(type)));
        } catch (NotPlainException e) {
            return null;
        }
    }

    /** The object's JSON, UTF-8; null where only Jackson can tell what becomes of it. */
    @SuppressWarnings("PMD.AvoidCatchingGenericException") // an accessor may throw anything, which Jackson reports
    byte @Nullable [] write(Object payload) {
        JsonBuffer out = new JsonBuffer();
        boolean certain;
        try {
            certain = root.write(payload, out);
        } catch (RuntimeException e) {
            certain = false;
        }
        if (certain) {
            return out.take();
        }
        out.release();
        return null;
    }

    /** Writes a value that is there; false where it is not certain how. */
    private interface Value {

        boolean write(Object value, JsonBuffer out);
    }

    /** Compiles a class to closures. Of one thread. */
    private static final class Compiler {

        private final JsonMapper mapper;
        private final Deque<Class<?>> path = new ArrayDeque<>();

        Compiler(JsonMapper mapper) {
            this.mapper = mapper;
        }

        Value value(JavaType type) {
            Class<?> raw = type.getRawClass();
            if (raw == String.class) {
                return (value, out) -> out.string((String) value);
            }
            if (raw == Integer.class || raw == Long.class || raw == Short.class || raw == Byte.class) {
                return (value, out) -> number(((Number) value).longValue(), out);
            }
            if (raw == Double.class) {
                return (value, out) -> number((Double) value, out);
            }
            if (raw == Boolean.class) {
                return (value, out) -> bool((Boolean) value, out);
            }
            if (raw == Instant.class) {
                return (value, out) -> quoted(Rfc3339.bytes((Instant) value), out);
            }
            if (raw == UUID.class) {
                return (value, out) -> out.string(value.toString());
            }
            if (raw == List.class) {
                return list(value(type.getContentType()));
            }
            if (raw.isEnum()) {
                return constants(raw);
            }
            if (raw.isRecord()) {
                return record(type);
            }
            throw new NotPlainException();
        }

        private static boolean number(long value, JsonBuffer out) {
            out.number(value);
            return true;
        }

        private static boolean number(double value, JsonBuffer out) {
            out.ascii(Double.toString(value));
            return Double.isFinite(value);
        }

        private static boolean bool(boolean value, JsonBuffer out) {
            out.ascii(value ? "true" : "false");
            return true;
        }

        private static boolean quoted(byte[] text, JsonBuffer out) {
            out.put('"');
            out.raw(text);
            out.put('"');
            return true;
        }

        private static Value list(Value element) {
            return (value, out) -> {
                boolean certain = true;
                char before = '[';
                for (Object one : (List<?>) value) {
                    out.put(before);
                    before = ',';
                    if (one == null) {
                        out.ascii("null");
                    } else {
                        certain &= element.write(one, out);
                    }
                }
                if (before == '[') {
                    out.put('[');
                }
                out.put(']');
                return certain;
            };
        }

        /** As Jackson writes each constant, once. */
        @SuppressWarnings({"unchecked", "rawtypes"}) // the class is an enum's
        private Value constants(Class<?> type) {
            require(mapper._serializationContext().findValueSerializer(type).getClass() == EnumSerializer.class);
            Map<Enum, byte[]> written = new EnumMap(type);
            for (Object constant : type.getEnumConstants()) {
                written.put((Enum) constant, mapper.writeValueAsBytes(constant));
            }
            return (value, out) -> {
                out.raw(Objects.requireNonNull(written.get(value)));
                return true;
            };
        }

        private Value record(JavaType type) {
            require(path.size() < MAX_DEPTH && !path.contains(type.getRawClass()));
            require(areHarmless(
                    mapper.serializationConfig()
                            .classIntrospectorInstance()
                            .forOperation(mapper.serializationConfig())
                            .introspectClassAnnotations(type)
                            .annotations(),
                    ON_CLASSES));
            var serializer = mapper._serializationContext().findValueSerializer(type);
            require(serializer.getClass() == BeanSerializer.class
                    || serializer.getClass() == UnrolledBeanSerializer.class);
            path.push(type.getRawClass());
            List<Value> properties = new ArrayList<>();
            for (Iterator<PropertyWriter> all = serializer.properties(); all.hasNext(); ) {
                properties.add(property(all.next()));
            }
            path.pop();
            return object(properties.toArray(Value[]::new));
        }

        private static Value object(Value[] properties) {
            return (value, out) -> {
                out.put('{');
                for (Value property : properties) {
                    if (!property.write(value, out)) {
                        return false;
                    }
                }
                out.put('}');
                return true;
            };
        }

        /** Writes one property of the object that it is given, with its name, unless it is null. */
        private Value property(PropertyWriter by) {
            if (!(by instanceof BeanPropertyWriter property)
                    || by.getClass() != BeanPropertyWriter.class
                    || !(property.getMember().getMember() instanceof Method accessor)
                    || property.isUnwrapping()
                    || property.getTypeSerializer() != null
                    || !areHarmless(property.getMember().annotations(), ON_PROPERTIES)) {
                throw new NotPlainException();
            }
            byte[] name = ("," + mapper.writeValueAsString(property.getName()) + ":").getBytes(StandardCharsets.UTF_8);
            return property.getType().isPrimitive()
                    ? primitive(name, accessor)
                    : reference(name, accessor, value(property.getType()));
        }

        private static Value reference(byte[] name, Method accessor, Value value) {
            Function<Object, @Nullable Object> get =
                    getter(Function.class, "apply", Object.class, accessor.getReturnType(), accessor);
            return (bean, out) -> {
                Object found = get.apply(bean);
                if (found == null) {
                    return true;
                }
                out.name(name);
                return value.write(found, out);
            };
        }

        private static Value primitive(byte[] name, Method accessor) {
            Class<?> type = accessor.getReturnType();
            if (type == boolean.class) {
                Predicate<Object> get = getter(Predicate.class, "test", type, type, accessor);
                return (bean, out) -> {
                    out.name(name);
                    return bool(get.test(bean), out);
                };
            }
            if (type == double.class) {
                ToDoubleFunction<Object> get = getter(ToDoubleFunction.class, "applyAsDouble", type, type, accessor);
                return (bean, out) -> {
                    out.name(name);
                    return number(get.applyAsDouble(bean), out);
                };
            }
            require(type == int.class || type == long.class || type == short.class || type == byte.class);
            ToLongFunction<Object> get = getter(ToLongFunction.class, "applyAsLong", long.class, long.class, accessor);
            return (bean, out) -> {
                out.name(name);
                return number(get.applyAsLong(bean), out);
            };
        }

        /** A function that calls the accessor directly; reflection and method handles cost several times that. */
        @SuppressWarnings({"unchecked", "PMD.AvoidCatchingThrowable"}) // method handles throw it
        private static <F> F getter(
                Class<?> function, String method, Class<?> erased, Class<?> returned, Method accessor) {
            try {
                MethodHandles.Lookup lookup =
                        MethodHandles.privateLookupIn(accessor.getDeclaringClass(), MethodHandles.lookup());
                MethodHandle made = LambdaMetafactory.metafactory(
                                lookup,
                                method,
                                MethodType.methodType(function),
                                MethodType.methodType(erased, Object.class),
                                lookup.unreflect(accessor),
                                MethodType.methodType(returned, accessor.getDeclaringClass()))
                        .getTarget();
                return (F) made.invoke();
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                throw new NotPlainException(e); // a module that is not open to us, perhaps
            }
        }

        private static boolean areHarmless(Stream<Annotation> annotations, Set<Class<?>> harmless) {
            return annotations
                    .map(Annotation::annotationType)
                    .allMatch(type -> harmless.contains(type)
                            || !(type.getName().startsWith("com.fasterxml.jackson.")
                                    || type.getName().startsWith("tools.jackson.")));
        }

        private static void require(boolean plain) {
            if (!plain) {
                throw new NotPlainException();
            }
        }
    }

    /** Ends a compilation. */
    private static final class NotPlainException extends RuntimeException {

        private static final long serialVersionUID = 1;

        NotPlainException() {}

        NotPlainException(Throwable cause) {
            super(cause);
        }
    }
}
