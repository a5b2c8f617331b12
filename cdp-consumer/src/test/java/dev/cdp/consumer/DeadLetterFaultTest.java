package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What can happen to a dead letter topic, on a broker that has access control. An outage lasts until it was seen to hold
 * up what it should and nothing else; {@code -Dcdp.fault.seconds=60} makes it long.
 */
class DeadLetterFaultTest {

    private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("cdp.fault.seconds", 0));

    private static EmbeddedKafka kafka;

    private Topics topics;
    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder()
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("allow.everyone.if.no.acl.found", "true")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void open() {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private ResilientConsumer consumer() {
        return topics.consumer()
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build();
    }

    private AclBinding rule(AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topics.deadLetters(), PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private void deny() throws ExecutionException, InterruptedException {
        topics.admin
                .createAcls(List.of(
                        rule(AclOperation.DESCRIBE, AclPermissionType.ALLOW),
                        rule(AclOperation.WRITE, AclPermissionType.DENY)))
                .all()
                .get();
    }

    private void allow() throws ExecutionException, InterruptedException {
        topics.admin
                .deleteAcls(List.of(
                        rule(AclOperation.DESCRIBE, AclPermissionType.ALLOW).toFilter(),
                        rule(AclOperation.WRITE, AclPermissionType.DENY).toFilter()))
                .all()
                .get();
    }

    @Test
    void aConsumerThatMayNotWriteItDoesNotStart() throws Exception {
        deny();
        try (ResilientConsumer consumer = consumer()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("dead letter topic " + topics.deadLetters()
                            + " may not be written by this principal; grant it WRITE");
        }
        allow();
        topics.admin
                .createAcls(List.of(rule(AclOperation.DESCRIBE, AclPermissionType.DENY)))
                .all()
                .get();
        try (ResilientConsumer consumer = consumer()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("topic " + topics.deadLetters() + " may not be described");
        }
    }

    @Test
    void deniedWhileItRunsItIsWaitedForAndNothingIsSkipped() throws Exception {
        waitsOut(this::deny, this::allow);
    }

    @Test
    void deletedWhileItRunsItIsWaitedForAndNothingIsSkipped() throws Exception {
        waitsOut(
                () -> topics.admin
                        .deleteTopics(List.of(topics.deadLetters()))
                        .all()
                        .get(),
                () -> kafka.createTopic(topics.deadLetters(), 1));
    }

    private interface Step {
        void take() throws Exception;
    }

    /** Poison comes during an outage of its topic; the other partition goes on, and all is there afterwards. */
    private void waitsOut(Step begin, Step end) throws Exception {
        try (ResilientConsumer consumer = consumer()) {
            consumer.start();
            topics.publishAll(2);
            topics.awaitLagZero();
            begin.take();
            topics.send(0, "poison", "page_viewed", "{}");
            topics.publish(0, 10);
            topics.publish(1, 11);
            topics.producer.flush();
            Await.until(
                    "the outage is known",
                    () -> consumer.health().outages().stream()
                            .anyMatch(outage -> outage.what().contains(topics.deadLetters())));
            Await.untilAsserted(
                    () -> assertThat(handled).as("the other partition goes on").contains(11));
            assertThat(topics.committed(0).offset()).as("nothing is skipped").isEqualTo(1);
            topics.publish(0, 12);
            topics.publish(1, 13);
            topics.producer.flush();
            Await.untilAsserted(() ->
                    assertThat(handled).as("the other partition still goes on").contains(13));
            int next = 14;
            for (long until = System.nanoTime() + FAULT.toNanos(); System.nanoTime() - until < 0; next++) {
                int one = next;
                topics.publish(1, one);
                Await.untilAsserted(() -> assertThat(handled)
                        .as("the other partition goes on and on")
                        .contains(one));
                assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
                assertThat(topics.committed(0).offset())
                        .as("nothing is skipped")
                        .isEqualTo(1);
                LockSupport.parkNanos(100_000_000L);
            }
            assertThat(handled).as("its own partition is paused").doesNotContain(12);
            end.take();
            topics.awaitLagZero();
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            handled.removeIf(ordinal -> ordinal >= 14);
        }
        assertThat(handled).containsExactlyInAnyOrder(0, 1, 10, 11, 12, 13);
        assertThat(topics.read(topics.deadLetters())).hasSize(1);
    }

    @Test
    void whatATopicTooSmallRefusesGoesAsAPointer() {
        kafka.createTopic("small." + topics.topic, 1, Map.of("max.message.bytes", "70000"));
        byte[] noise = new byte[90_000];
        new java.util.Random(1).nextBytes(noise);
        topics.send(0, "k".getBytes(StandardCharsets.UTF_8), "page_viewed", noise);
        try (ResilientConsumer consumer = ResilientConsumer.builder(
                        Topics.catalog(topics.topic, "enforce, dead-letter-topic: \"small.{topic}\""))
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .handle(Topics.PageViewed.class, (event, delivery) -> {})
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(topics.read("small." + topics.topic)).hasSize(1).allSatisfy(letter -> {
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.REASON)).isEqualTo("UNDECODABLE");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.POINTER)).startsWith("sha256:");
        });
    }
}
