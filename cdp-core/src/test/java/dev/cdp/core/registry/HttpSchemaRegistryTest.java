package dev.cdp.core.registry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class HttpSchemaRegistryTest extends SchemaRegistryContract {

    private static final SchemaDraft SCHEMA = SchemaDraft.json("{\"title\":\"Viewed\"}");
    private static final SchemaKey ID = new SchemaKey.Id(1);
    private static final String SECRET = "hunter2";

    private final ConfluentServer server = new ConfluentServer();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    @AfterEach
    void close() {
        server.close();
    }

    @Override
    protected SubjectRegistry registry() {
        return builder().registration(Registration.ALLOWED).build();
    }

    @Override
    protected SubjectRegistry readOnly() {
        return builder().build();
    }

    @Override
    protected void refuseBreaks(String subject) {
        server.backward(subject);
    }

    private HttpSchemaRegistry.Builder builder(URI... others) {
        List<URI> urls = new ArrayList<>(List.of(others));
        urls.add(server.url());
        return HttpSchemaRegistry.builder(urls.toArray(URI[]::new))
                .retry(2, Duration.ofMillis(1))
                .clock(now::get);
    }

    @Test
    void whatWasReadGoesOnWhileTheRegistryIsDownAndTheRestWaits() {
        registry().register("s", SCHEMA);
        HttpSchemaRegistry registry =
                builder().circuit(2, Duration.ofSeconds(5)).build();
        assertThat(registry.find(ID)).isPresent();
        assertThat(registry.find(new SchemaKey.Latest("s"))).isPresent();
        server.answerAll(503, "");
        now.set(now.get().plus(Duration.ofDays(1)));

        assertThat(registry.find(ID)).isPresent();
        assertThat(registry.find(new SchemaKey.Latest("s"))).isPresent();
        assertThatThrownBy(() -> registry.find(new SchemaKey.Id(2)))
                .isInstanceOfSatisfying(
                        RegistryUnavailableException.class,
                        e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("GET /schemas/ids/2")
                .hasMessageContaining("HTTP 503");
    }

    @Test
    void aRegistryThatKeepsFailingIsLeftAloneForAWhile() {
        registry().register("s", SCHEMA);
        server.answerAll(500, "{\"error_code\":50001,\"message\":\"store\"}");
        HttpSchemaRegistry registry =
                builder().circuit(2, Duration.ofSeconds(5)).build();
        assertUnavailable(registry, ID);
        assertUnavailable(registry, ID);
        int asked = server.requests().size();

        assertThatThrownBy(() -> registry.find(ID)).hasMessageContaining("left alone");
        assertThat(server.requests()).hasSize(asked);

        server.misbehave(null);
        now.set(now.get().plus(Duration.ofSeconds(6)));
        assertThat(registry.find(ID)).isPresent();
    }

    @Test
    void onlyARegistrysOwnNotFoundSaysThatASchemaIsUnknown() {
        for (String body : List.of("", "<html>Not Found</html>", "{\"error_code\":404}", "{\"message\":\"x\"}")) {
            server.answerAll(404, body);
            assertUnavailable(builder().build(), ID);
        }
        for (int code : new int[] {40401, 40402, 40403}) {
            server.answerAll(404, "{\"error_code\":" + code + ",\"message\":\"none\"}");
            assertThat(builder().build().find(ID)).isEmpty();
        }
    }

    @Test
    void whatNoRegistrySaysIsAnOutage() {
        List<String> bodies = List.of("", "<html/>", "[]", "{}", "{\"schema\":7}", "{\"schema\":\"{}\"");
        for (String body : bodies) {
            server.answerAll(200, body);
            assertUnavailable(builder().build(), ID);
        }
        server.answerAll(200, "{\"schema\":\"{}\",\"references\":[{\"name\":\"a\",\"subject\":\"..\",\"version\":1}]}");
        assertUnavailable(builder().build(), ID);
        for (int status : new int[] {201, 204, 400, 401, 403, 409, 418, 422, 429, 500, 503}) {
            server.answerAll(status, status == 204 ? "" : "{\"error_code\":" + status + "}");
            assertUnavailable(builder().build(), ID);
        }
    }

    @Test
    void aRegistryWithoutGuidsKnowsNoGuidAndAWrongUrlIsAnOutage() {
        SchemaKey guid = new SchemaKey.Guid(UUID.randomUUID());
        server.misbehave(exchange -> {
            boolean guids = exchange.getRequestURI().getPath().startsWith("/schemas/guids");
            if (guids) {
                ConfluentServer.send(exchange, 404, "");
            }
            return guids;
        });
        assertThat(builder().build().find(guid)).isEmpty();

        server.answerAll(404, "");
        assertUnavailable(builder().build(), guid);
    }

    @Test
    void anUnknownIdIsAskedForAgainAfterAWhile() {
        HttpSchemaRegistry registry =
                builder().unknownFor(Duration.ofSeconds(30)).build();
        assertThat(registry.find(ID)).isEmpty();
        registry().register("s", SCHEMA);
        int asked = server.requests().size();

        assertThat(registry.find(ID)).isEmpty();
        assertThat(server.requests()).hasSize(asked);

        now.set(now.get().plus(Duration.ofSeconds(31)));
        assertThat(registry.find(ID)).isPresent();
    }

    @Test
    void aFloodOfUnknownIdsPushesOutNoSchema() {
        registry().register("s", SCHEMA);
        HttpSchemaRegistry registry = builder().build();
        assertThat(registry.find(ID)).isPresent();
        for (int id = 2; id < 300; id++) {
            assertThat(registry.find(new SchemaKey.Id(id))).isEmpty();
        }
        int asked = server.requests().size();

        assertThat(registry.find(ID)).isPresent();
        assertThat(server.requests()).hasSize(asked);
    }

    @Test
    void manyThreadsThatMissTheSameIdAskOnce() throws InterruptedException, ExecutionException {
        registry().register("s", SCHEMA);
        HttpSchemaRegistry registry = builder().build();
        CountDownLatch together = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<RegisteredSchema>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> {
                    together.await();
                    return registry.find(ID);
                }));
            }
            together.countDown();
            for (Future<Optional<RegisteredSchema>> answer : answers) {
                assertThat(answer.get()).isPresent();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests()).containsOnlyOnce("GET /schemas/ids/1");
    }

    @Test
    void anotherServerAnswersForOneThatIsDown() {
        registry().register("s", SCHEMA);
        try (ConfluentServer broken = new ConfluentServer()) {
            broken.answerAll(500, "");
            HttpSchemaRegistry registry = builder(nobody(), broken.url()).build();

            assertThat(registry.find(ID)).isPresent();
            int asked = broken.requests().size();
            assertThat(registry.find(new SchemaKey.Latest("s"))).isPresent();

            assertThat(broken.requests())
                    .as("the one that answered is asked first")
                    .hasSize(asked);
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> HttpSchemaRegistry.builder(nobody())
                        .retry(1, Duration.ofMillis(1))
                        .build()
                        .find(ID))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining(nobody() + ": nobody listens there");
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() {
        server.stall();

        assertThatThrownBy(
                        () -> builder().timeout(Duration.ofMillis(200)).build().find(ID))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("no answer within 200 ms");
    }

    @Test
    void aServerThatStopsInTheMiddleOfItsAnswerIsGivenUp() {
        CountDownLatch done = new CountDownLatch(1);
        server.misbehave(exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("{\"schema\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });

        assertThatThrownBy(
                        () -> builder().timeout(Duration.ofMillis(300)).build().find(ID))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("no answer within 300 ms");
        done.countDown();
    }

    @Test
    void anAnswerOverTheLimitIsCut() {
        server.answerAll(200, "{\"schema\":\"" + "x".repeat(100_000) + "\"}");

        assertThatThrownBy(() -> builder().maxAnswerBytes(10_000).build().find(ID))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("longer than 10000 bytes");
    }

    @Test
    void noRedirectIsFollowed() {
        try (ConfluentServer elsewhere = new ConfluentServer()) {
            server.misbehave(exchange -> {
                exchange.getResponseHeaders().add("Location", elsewhere.url() + "/schemas/ids/1");
                ConfluentServer.send(exchange, 302, "");
                return true;
            });

            assertThatThrownBy(() -> builder().bearer(() -> SECRET).build().find(ID))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("redirects are not followed");
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void credentialsAreAskedForAtEachRequest() {
        registry().register("s", SCHEMA);
        AtomicReference<String> password = new AtomicReference<>("one");
        HttpSchemaRegistry registry = builder().basic("me", password::get).build();
        registry.find(ID);
        assertThat(server.authorization()).isEqualTo("Basic " + base64("me:one"));

        password.set("two");
        registry.find(new SchemaKey.Latest("s"));
        assertThat(server.authorization()).isEqualTo("Basic " + base64("me:two"));

        builder().bearer(() -> "abc").build().find(ID);
        assertThat(server.authorization()).isEqualTo("Bearer abc");
    }

    @Test
    void noMessageHoldsASecret() {
        server.answerAll(401, "{\"error_code\":40101,\"message\":\"" + SECRET + "\"}");
        List<HttpSchemaRegistry> registries = List.of(
                builder().basic("me", () -> SECRET).build(),
                builder().bearer(() -> SECRET).build(),
                builder().bearer(() -> SECRET + "\r\nX-Evil: 1").build(),
                builder()
                        .bearer(() -> {
                            throw new IllegalStateException(SECRET);
                        })
                        .build());
        for (HttpSchemaRegistry registry : registries) {
            assertThatThrownBy(() -> registry.find(ID))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(SECRET));
            assertThat(registry.toString()).doesNotContain(SECRET);
        }
        for (String url : List.of(
                "http://me:" + SECRET + "@host",
                "http://host/?password=" + SECRET,
                "http://host/#" + SECRET,
                "http://a_b:" + SECRET + "@host_c/",
                "ftp://" + SECRET)) {
            assertThatThrownBy(() -> HttpSchemaRegistry.builder(URI.create(url)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(SECRET));
        }
    }

    @Test
    void circularReferencesEnd() {
        String self = "{\"schema\":\"{}\",\"schemaType\":\"JSON\",\"references\":"
                + "[{\"name\":\"self\",\"subject\":\"self\",\"version\":1}]}";
        server.answerAll(200, self);
        server.misbehave(exchange -> {
            boolean versions = exchange.getRequestURI().getPath().endsWith("/1/versions");
            ConfluentServer.send(exchange, 200, versions ? "[]" : self);
            return true;
        });

        assertThat(builder().build().find(ID).orElseThrow().references()).containsOnlyKeys("self");
    }

    @Test
    void endlessReferencesAreRefused() {
        server.misbehave(exchange -> {
            String path = exchange.getRequestURI().getPath();
            int next = Integer.parseInt(path.replaceAll("\\D+", "")) + 1;
            ConfluentServer.send(
                    exchange,
                    200,
                    "{\"schema\":\"{}\",\"references\":[{\"name\":\"n" + next + "\",\"subject\":\"s\",\"version\":"
                            + next + "}]}");
            return true;
        });

        assertThatThrownBy(() -> builder().build().find(new SchemaKey.Version("s", 1)))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("more than 200");
    }

    @Test
    void aSchemaOfWhichAPartIsGoneIsUnknown() {
        server.misbehave(exchange -> {
            if (exchange.getRequestURI().getPath().startsWith("/subjects")) {
                return false;
            }
            ConfluentServer.send(
                    exchange,
                    200,
                    exchange.getRequestURI().getPath().endsWith("versions")
                            ? "[]"
                            : "{\"schema\":\"{}\",\"references\":[{\"name\":\"a\",\"subject\":\"gone\",\"version\":1}]}");
            return true;
        });

        assertThat(builder().build().find(ID)).isEmpty();
    }

    @Test
    void aThreadThatIsInterruptedStopsWaiting() {
        server.stall();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> builder().build().find(ID)).isInstanceOf(RegistryUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> builder().timeout(Duration.ZERO)).hasMessageContaining("timeout: expected");
        assertThatThrownBy(() -> builder().maxAnswerBytes(3)).hasMessageContaining("maxAnswerBytes: expected");
        assertThatThrownBy(() -> builder().retry(0, Duration.ofMillis(1))).hasMessageContaining("attempts: expected");
        assertThatThrownBy(() -> builder().basic("a:b", () -> "")).hasMessageContaining("basic: a user");
        assertThatThrownBy(HttpSchemaRegistry::builder).hasMessageContaining("at least one base URL");
    }

    private static void assertUnavailable(HttpSchemaRegistry registry, SchemaKey key) {
        assertThatThrownBy(() -> registry.find(key)).isInstanceOf(RegistryUnavailableException.class);
    }

    /** A port that was free a moment ago. */
    private static URI nobody() {
        return URI.create("http://127.0.0.1:1");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String stackTrace(Throwable e) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            all.append(t).append('\n');
        }
        return all.toString();
    }
}
