package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdp.embedded.EmbeddedKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** What happens to a request whose event is on its way when the service is told to end. */
final class ShutdownTest {

    @Test
    void itIsAnsweredWithItsOutcome() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start()) {
            broker.createTopic("app.feed", 1);
            broker.createTopic("app.accounts", 1);
            App app = new App(
                    Map.of(
                            "bootstrap.servers", broker.bootstrapServers(),
                            "linger.ms", 60_000, // nothing leaves before the end
                            "interceptor.classes", Taken.class.getName()),
                    0);
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + app.port() + "/accounts/ann/DE"))
                    .POST(BodyPublishers.noBody())
                    .build();
            CompletableFuture<HttpResponse<String>> waiting =
                    HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString());
            assertThat(Taken.EVENT.await(60, TimeUnit.SECONDS)).isTrue();

            app.close();

            assertThat(waiting.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
    }

    /** Tells when Kafka's producer has been given an event. */
    public static final class Taken implements ProducerInterceptor<byte[], byte[]> {

        static final CountDownLatch EVENT = new CountDownLatch(1);

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            EVENT.countDown();
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
