package com.example.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.Published;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@CdpTest
final class QuickstartTest {

    @Test
    void whatIsPublishedIsHandled(EmbeddedKafka broker) throws InterruptedException {
        broker.createTopic("cdp.feed", 3);
        broker.createTopic("dlq.cdp.feed", 3);
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        BlockingQueue<PostViewed> handled = new ArrayBlockingQueue<>(10);

        Published published = Publish.publish(kafka);
        assertEquals("cdp.feed", published.topic());
        try (ResilientConsumer consumer = Consume.consumer(kafka, handled::add)) {
            consumer.start();

            PostViewed event = handled.poll(30, TimeUnit.SECONDS);
            assertNotNull(event);
            assertEquals("post-1", event.postId());
        }
    }
}
