package dev.cdp.embedded;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What stands behind {@link CdpTest}: one Kafka and one ClickHouse a test JVM, kept in the root store. */
final class CdpExtension implements ParameterResolver, ExecutionCondition {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(CdpExtension.class);
    private static final List<Class<? extends Annotation>> LIFECYCLE =
            List.of(BeforeAll.class, BeforeEach.class, AfterEach.class, AfterAll.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EmbeddedKafka.class || type == EmbeddedClickHouse.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedKafka.class
                ? kafka(context)
                : clickHouse(context).required();
    }

    /** A missing engine skips here: thrown while a parameter is resolved it would be a failure. */
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!context.getElement().map(CdpExtension::needsEngine).orElse(false)) {
            return ConditionEvaluationResult.enabled("no ClickHouse engine needed");
        }
        String missing = EngineOrSkip.required() ? null : clickHouse(context).missing();
        return missing == null
                ? ConditionEvaluationResult.enabled("a ClickHouse engine is there or required")
                : ConditionEvaluationResult.disabled(missing);
    }

    private static EmbeddedKafka kafka(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(EmbeddedKafka.class, key -> EmbeddedKafka.start(), EmbeddedKafka.class);
    }

    private static SharedClickHouse clickHouse(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(SharedClickHouse.class, key -> SharedClickHouse.start(), SharedClickHouse.class);
    }

    private static boolean needsEngine(AnnotatedElement element) {
        if (element instanceof Method method) {
            return takesClickHouse(method);
        }
        for (Class<?> type = (Class<?>) element; type != null && type != Object.class; type = type.getSuperclass()) {
            if (Arrays.stream(type.getDeclaredConstructors()).anyMatch(CdpExtension::takesClickHouse)
                    || Arrays.stream(type.getDeclaredMethods())
                            .filter(CdpExtension::isLifecycle)
                            .anyMatch(CdpExtension::takesClickHouse)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLifecycle(Method method) {
        return LIFECYCLE.stream().anyMatch(method::isAnnotationPresent);
    }

    private static boolean takesClickHouse(Executable executable) {
        return Arrays.asList(executable.getParameterTypes()).contains(EmbeddedClickHouse.class);
    }

    /** The server, or why there is none: asked once. */
    private record SharedClickHouse(
            @Nullable EmbeddedClickHouse server, @Nullable EngineUnavailableException reason) implements AutoCloseable {
        static SharedClickHouse start() {
            try {
                return new SharedClickHouse(EmbeddedClickHouse.start(), null);
            } catch (EngineUnavailableException e) {
                return new SharedClickHouse(null, e);
            }
        }

        @Nullable
        String missing() {
            return reason == null ? null : reason.getMessage();
        }

        EmbeddedClickHouse required() {
            if (server == null) {
                throw reason == null ? new IllegalStateException("no server and no reason") : reason;
            }
            return server;
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }
}
