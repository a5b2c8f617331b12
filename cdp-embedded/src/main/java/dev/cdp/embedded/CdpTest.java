package dev.cdp.embedded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit 5 test class whose constructor, lifecycle and test methods may take an {@link EmbeddedKafka} and an
 * {@link EmbeddedClickHouse} as parameters.
 *
 * <p>Each is started when it is first asked for, shared by the whole test JVM and closed at its end; so a test uses
 * topics and databases of its own, and one that kills or pauses starts its own. Where there is no ClickHouse engine,
 * tests that need it are skipped with the reason, or fail under {@code -Dcdp.engine.required=true}. JUnit 5.13 or newer.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CdpExtension.class)
public @interface CdpTest {}
