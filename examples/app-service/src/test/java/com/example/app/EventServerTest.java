package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.producer.BufferFullException;
import dev.cdp.producer.PublishUncertainException;
import dev.cdp.testkit.EventAssert;
import dev.cdp.testkit.RecordingPublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HTTP face alone: publishers that record stand in for the producer. */
final class EventServerTest {

    private final Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
    private final RecordingPublisher<byte[]> views = RecordingPublisher.ofJson(catalog, "post_viewed");
    private final RecordingPublisher<PostLiked> likes = RecordingPublisher.of(catalog, PostLiked.class);
    private final RecordingPublisher<AccountCreated> accounts = RecordingPublisher.of(catalog, AccountCreated.class);
    private final PublishHealth health = new PublishHealth();
    private EventServer server;

    @BeforeEach
    void start() throws IOException {
        server = new EventServer(0, new Events(views, likes, accounts), health);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyPathPublishesItsEvent() throws Exception {
        assertThat(post("/views", view()).statusCode()).isEqualTo(202);
        assertThat(post("/posts/p1/likes/ann", "").statusCode()).isEqualTo(202);
        assertThat(post("/accounts/ann/DE", "").statusCode()).isEqualTo(202);

        EventAssert.assertThat(views.onlyEvent()).isValid().hasKey("ann").hasField("/dwell_ms", 2500);
        EventAssert.assertThat(likes.onlyEvent()).isValid().hasKey("ann").hasField("/post_id", "p1");
        EventAssert.assertThat(accounts.onlyEvent()).isValid().hasKey("ann").hasField("/country", "DE");
    }

    @Test
    void anInvalidEventIsTheClientsMistakeAndIsNotQuoted() throws Exception {
        HttpResponse<String> response = post("/views", "{\"test\":\"connection_test\"}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("actor_id").contains("dwell_ms").doesNotContain("connection_test");
        assertThat(post("/accounts/ann/Germany", "").statusCode()).isEqualTo(422);
        assertThat(views.events()).isEmpty();
    }

    @Test
    void aFullBufferSendsTheClientAwayForASecond() throws Exception {
        // README: testkit
        RecordingPublisher<PostLiked> recording = RecordingPublisher.of(catalog, PostLiked.class);
        recording.publish(new PostLiked("ann", "p1", Instant.now()));
        EventAssert.assertThat(recording.onlyEvent()).hasKey("ann").hasField("/post_id", "p1");
        recording.failNext(new BufferFullException("full")); // how does the application take that?
        // README: end
        likes.failNext(new BufferFullException("full"));

        HttpResponse<String> response = post("/posts/p1/likes/ann", "");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }

    /** {@code publish} would wait here and give no answer; {@code tryPublish} gives it at once. */
    @Test
    void whileThereIsNoRoomNoRequestIsKeptWaiting() throws Exception {
        views.fill();
        likes.fill();
        accounts.fill();
        try {
            assertThat(post("/views", view()).statusCode()).isEqualTo(503);
            assertThat(post("/posts/p1/likes/ann", "").statusCode()).isEqualTo(503);
            assertThat(post("/accounts/ann/DE", "").statusCode()).isEqualTo(503);
        } finally {
            views.drain();
            likes.drain();
            accounts.drain();
        }
        assertThat(post("/accounts/ann/DE", "").statusCode()).isEqualTo(202);
    }

    @Test
    void whatMayHaveBeenWrittenIsSentAgainUnderItsOwnId() throws Exception {
        likes.failNext(new PublishUncertainException("no answer", "like-1", null));

        assertThat(post("/posts/p1/likes/ann", "", "Idempotency-Key", "like-1").statusCode())
                .isEqualTo(504);
        assertThat(post("/posts/p1/likes/ann", "", "Idempotency-Key", "like-1").body())
                .isEqualTo("like-1\n");
        EventAssert.assertThat(likes.onlyEvent()).hasId("like-1");
    }

    @Test
    void theTraceGoesOnAndABrokenOneIsRefused() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        assertThat(post("/accounts/ann/DE", "", "traceparent", trace).statusCode()).isEqualTo(202);
        assertThat(post("/accounts/ann/DE", "", "traceparent", "x").statusCode()).isEqualTo(400);
        assertThat(accounts.onlyEvent().options().traceParent()).contains(trace);
    }

    @Test
    void whatIsNoEventIsAnsweredToo() throws Exception {
        assertThat(post("/nothing", "").statusCode()).isEqualTo(404);
        assertThat(post("/views", "x".repeat(70_000)).statusCode()).isEqualTo(413);
        assertThat(get("/views").statusCode()).isEqualTo(405);
        assertThat(get("/health").body()).isEqualTo("up\n");
        health.failed("post_liked", new BufferFullException("full"), Duration.ZERO);
        assertThat(get("/health").statusCode()).isEqualTo(503);
        health.acknowledged("post_liked", null, Duration.ZERO);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        server.stopping();
        assertThat(get("/health").statusCode()).isEqualTo(503);
    }

    private static String view() {
        return "{\"actor_id\":\"ann\",\"post_id\":\"p1\",\"occurred_at\":\"" + Instant.now()
                + "\",\"dwell_ms\":2500}";
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return Http.post(server.port(), path, body, headers);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        BodyHandlers.ofString());
    }

    /** Requests of both tests. */
    static final class Http {

        private Http() {}

        static HttpResponse<String> post(int port, String path, String body, String... headers) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(30))
                    .POST(BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        }
    }
}
