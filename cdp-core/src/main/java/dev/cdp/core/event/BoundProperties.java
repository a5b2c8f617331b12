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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;

/** Lists the properties that Jackson writes for a class, by its own introspection. Of one thread. */
final class BoundProperties {

    private static final int MAX_DEPTH = 16;

    private final JsonMapper mapper;
    private final Deque<Class<?>> path = new ArrayDeque<>();

    private BoundProperties(JsonMapper mapper) {
        this.mapper = mapper;
    }

    static List<BoundProperty> of(JsonMapper mapper, Class<?> type) {
        return new BoundProperties(mapper).properties(mapper.constructType(type));
    }

    private List<BoundProperty> properties(JavaType type) {
        Class<?> raw = type.getRawClass();
        List<BoundProperty> found = new ArrayList<>();
        if (type.isContainerType() || path.contains(raw) || path.size() == MAX_DEPTH || dependOnTheObject(raw)) {
            return found;
        }
        path.push(raw);
        mapper.acceptJsonFormatVisitor(type, new JsonFormatVisitorWrapper.Base() {
            @Override
            public JsonObjectFormatVisitor expectObjectFormat(@Nullable JavaType object) {
                return new JsonObjectFormatVisitor.Base(getContext()) {
                    @Override
                    public void property(BeanProperty property) {
                        found.add(new BoundProperty(property.getName(), properties(property.getType())));
                    }

                    @Override
                    public void optionalProperty(BeanProperty property) {
                        property(property);
                    }
                };
            }
        });
        path.pop();
        return found;
    }

    private static boolean dependOnTheObject(Class<?> type) {
        return Modifier.isAbstract(type.getModifiers())
                || type.isAnnotationPresent(JsonTypeInfo.class)
                || Arrays.stream(type.getMethods()).anyMatch(m -> m.isAnnotationPresent(JsonAnyGetter.class));
    }
}
