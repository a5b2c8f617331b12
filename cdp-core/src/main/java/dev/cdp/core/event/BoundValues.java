package dev.cdp.core.event;

import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatTypes;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;

/** Tells what Jackson writes for a class, by its own introspection. Of one thread. */
final class BoundValues {

    private static final int MAX_DEPTH = 16;

    private final Deque<Class<?>> path = new ArrayDeque<>();

    private BoundValues() {}

    static BoundValue of(JsonMapper mapper, Class<?> type) {
        JavaType javaType = mapper.constructType(type);
        return new BoundValues().value(javaType, null, visitor -> mapper.acceptJsonFormatVisitor(javaType, visitor));
    }

    private BoundValue value(JavaType type, @Nullable SerializationContext context, Visit visit) {
        Class<?> raw = type.getRawClass();
        if (raw == byte[].class || raw == char[].class) {
            return BoundValue.of("string"); // Jackson calls them arrays, and writes text
        }
        boolean depends = !type.isContainerType() && !type.isPrimitive() && dependOnTheObject(raw);
        if (depends || (path.contains(raw) && !type.isContainerType()) || path.size() == MAX_DEPTH) {
            return BoundValue.UNKNOWN;
        }
        path.push(raw);
        Visitor visitor = new Visitor(context);
        visit.accept(visitor);
        path.pop();
        return visitor.found();
    }

    private static boolean dependOnTheObject(Class<?> type) {
        return type == Object.class
                || (Modifier.isAbstract(type.getModifiers()) && !type.isEnum())
                || type.isAnnotationPresent(JsonTypeInfo.class)
                || Arrays.stream(type.getMethods()).anyMatch(m -> m.isAnnotationPresent(JsonAnyGetter.class));
    }

    /** Lets a serializer say what it writes. */
    private interface Visit {

        void accept(JsonFormatVisitorWrapper visitor);
    }

    /** Hears what one serializer writes. */
    private final class Visitor extends JsonFormatVisitorWrapper.Base {

        private BoundValue value = BoundValue.UNKNOWN;
        private @Nullable List<BoundProperty> properties;

        Visitor(@Nullable SerializationContext context) {
            super(context);
        }

        BoundValue found() {
            return properties == null ? value : BoundValue.object(properties);
        }

        @Override
        public JsonObjectFormatVisitor expectObjectFormat(@Nullable JavaType type) {
            List<BoundProperty> found = new ArrayList<>();
            properties = found;
            return new JsonObjectFormatVisitor.Base(getContext()) {
                @Override
                public void property(BeanProperty property) {
                    found.add(new BoundProperty(property.getName(), written(getContext(), property)));
                }

                @Override
                public void optionalProperty(BeanProperty property) {
                    property(property);
                }
            };
        }

        /** By the property's own serializer, which its annotations may have chosen. */
        private BoundValue written(SerializationContext context, BeanProperty property) {
            JavaType type = property.getType();
            return value(
                    type,
                    context,
                    visitor -> context.findPrimaryPropertySerializer(type, property)
                            .acceptJsonFormatVisitor(visitor, type));
        }

        @Override
        public JsonArrayFormatVisitor expectArrayFormat(@Nullable JavaType type) {
            value = BoundValue.array(BoundValue.UNKNOWN);
            return new JsonArrayFormatVisitor.Base(getContext()) {
                @Override
                public void itemsFormat(JsonFormatVisitable handler, JavaType element) {
                    value = BoundValue.array(
                            value(element, getContext(), visitor -> handler.acceptJsonFormatVisitor(visitor, element)));
                }

                @Override
                public void itemsFormat(JsonFormatTypes format) {
                    boolean known = format != JsonFormatTypes.ANY && format != JsonFormatTypes.NULL;
                    value = BoundValue.array(known ? BoundValue.of(format.value()) : BoundValue.UNKNOWN);
                }
            };
        }

        @Override
        public @Nullable JsonMapFormatVisitor expectMapFormat(@Nullable JavaType type) {
            value = BoundValue.of("object");
            return null;
        }

        @Override
        public @Nullable JsonStringFormatVisitor expectStringFormat(@Nullable JavaType type) {
            value = BoundValue.of("string");
            return null;
        }

        @Override
        public @Nullable JsonNumberFormatVisitor expectNumberFormat(@Nullable JavaType type) {
            value = BoundValue.of("number");
            return null;
        }

        @Override
        public @Nullable JsonIntegerFormatVisitor expectIntegerFormat(@Nullable JavaType type) {
            value = BoundValue.of("integer");
            return null;
        }

        @Override
        public @Nullable JsonBooleanFormatVisitor expectBooleanFormat(@Nullable JavaType type) {
            value = BoundValue.of("boolean");
            return null;
        }

        @Override
        public @Nullable JsonAnyFormatVisitor expectAnyFormat(@Nullable JavaType type) {
            return null;
        }
    }
}
