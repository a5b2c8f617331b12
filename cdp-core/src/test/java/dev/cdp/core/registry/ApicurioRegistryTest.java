package dev.cdp.core.registry;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The contract against a real Apicurio in a child process; the Maven profile {@code registry} fetches it. */
@EnabledIfSystemProperty(named = "cdp.apicurio", matches = ".+")
final class ApicurioRegistryTest extends SchemaRegistryContract {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path logs;

    private static Process server;
    private static URI url;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
        Path log = logs.resolve("apicurio.log");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.management.port=0",
                        "-jar",
                        runner().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        HttpSchemaRegistry registry = HttpSchemaRegistry.builder(url)
                .retry(9, Duration.ofMillis(200))
                .circuit(1_000, Duration.ofSeconds(1))
                .build();
        try {
            assertThat(registry.find(new SchemaKey.Id(2_000_000_000))).isEmpty();
        } catch (RegistryUnavailableException e) {
            stop();
            throw new AssertionError("Apicurio did not start:\n" + Files.readString(log), e);
        }
    }

    private static Path runner() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("cdp.apicurio")))) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.destroy();
        if (!server.waitFor(10, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }

    @Override
    protected SubjectRegistry registry() {
        return HttpSchemaRegistry.builder(url)
                .registration(Registration.ALLOWED)
                .build();
    }

    @Override
    protected SubjectRegistry readOnly() {
        return HttpSchemaRegistry.builder(url).build();
    }

    @Override
    protected void refuseBreaks(String subject) {
        try {
            int status = HTTP.send(
                            HttpRequest.newBuilder(URI.create(url + "/config/" + RegistryUrl.segment(subject)))
                                    .header("Content-Type", "application/json")
                                    .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            assertThat(status).isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAvroSchemaIsFoundAsOne() {
        String text = "{\"type\":\"record\",\"name\":\"Liked\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}";

        RegisteredSchema registered = registry().register("liked-" + UUID.randomUUID(), SchemaDraft.avro(text));

        assertThat(readOnly().find(new SchemaKey.Id(registered.id().orElseThrow())))
                .hasValueSatisfying(schema -> assertThat(schema.type()).isEqualTo(SchemaType.AVRO));
    }

    @Test
    void theBaseUrlOfAnotherApiIsAnOutage() {
        for (String path : List.of("", "/apis/registry/v3")) {
            HttpSchemaRegistry wrong = HttpSchemaRegistry.builder(url.resolve(path.isEmpty() ? "/" : path))
                    .build();
            assertThatThrownBy(() -> wrong.find(new SchemaKey.Id(1)))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("/apis/ccompat/v7");
        }
    }
}
