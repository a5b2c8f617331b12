package dev.cdp.consumer;

import java.util.Map;

import dev.cdp.core.event.EventType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A handler's class is compared with its event's schema before anything is read. */
class HandlerClassTest {

    @EventType("page_viewed")
    record WrongType(long pageId, String ordinal, String colour) {}

    @EventType("page_viewed")
    record Part(Integer ordinal) {}

    @Test
    void aClassThatCannotReadItsEventIsRefusedWithEveryMismatch() {
        assertThatThrownBy(consumer().handle(WrongType.class, (event, delivery) -> {})::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "event 'page_viewed' /page_id: the class reads an integer, and the schema has string")
                .hasMessageContaining("/colour: the schema declares no such property")
                .hasMessageContaining("handleJson");
    }

    @Test
    void aClassMayLeavePropertiesOut() {
        assertThatCode(consumer().handle(Part.class, (event, delivery) -> {})::build)
                .doesNotThrowAnyException();
    }

    private static ConsumerBuilder consumer() {
        return ResilientConsumer.builder(Topics.catalog("t", "enforce"))
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .group("g")
                .topics("t");
    }
}
