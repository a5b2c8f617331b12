package dev.cdp.core.registry;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * HTTP, one request at a time, with a bound on the time of the whole answer and on its length. No redirect is followed,
 * so credentials go to the named hosts only. Thread-safe.
 */
final class RegistryTransport {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    private final HttpClient http;
    private final @Nullable RegistryCredentials credentials;
    private final Duration timeout;
    private final int maxAnswerBytes;

    RegistryTransport(@Nullable RegistryCredentials credentials, Duration timeout, int maxAnswerBytes) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
        this.credentials = credentials;
        this.timeout = timeout;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    RegistryAnswer send(String baseUrl, RegistryRequest<?> request) throws BrokenAnswerException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response =
                http.sendAsync(httpRequest(baseUrl, request), info -> new LimitedBody(maxAnswerBytes));
        try {
            HttpResponse<byte[]> answer = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return RegistryAnswer.of(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            throw BrokenAnswerException.passing("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw broken(e.getCause());
        } finally {
            // Hangs up if it is still going on: after a timeout or an interrupt.
            response.cancel(true);
        }
    }

    private HttpRequest httpRequest(String baseUrl, RegistryRequest<?> request) throws BrokenAnswerException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(baseUrl + request.path()))
                .header("Accept", MEDIA_TYPE + ", application/json");
        if (credentials != null) {
            try {
                builder.header("Authorization", credentials.header());
            } catch (IllegalStateException e) {
                throw BrokenAnswerException.lasting(String.valueOf(e.getMessage()));
            }
        }
        String body = request.bodyOrNull();
        return body == null
                ? builder.build()
                : builder.header("Content-Type", MEDIA_TYPE)
                        .POST(BodyPublishers.ofString(body))
                        .build();
    }

    private BrokenAnswerException broken(@Nullable Throwable cause) {
        if (cause instanceof LimitedBody.TooLongException) {
            return BrokenAnswerException.lasting("an answer longer than " + maxAnswerBytes
                    + " bytes; if the schema really is that long, raise maxAnswerBytes");
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return BrokenAnswerException.passing("nobody listens there");
        }
        if (cause instanceof HttpTimeoutException) {
            return BrokenAnswerException.passing("no answer within " + timeout.toMillis() + " ms");
        }
        return BrokenAnswerException.passing("the connection broke"
                + (cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")"));
    }
}
