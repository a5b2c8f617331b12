package dev.cdp.core.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A small registry that speaks Confluent's REST API over real sockets, and that can be told to misbehave. */
final class ConfluentServer implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    static {
        // The JDK's server writes headers and body apart, which costs 40 ms a request with Nagle's algorithm.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, List<ObjectNode>> subjects = new LinkedHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile @Nullable Fault fault;
    private volatile String authorization = "";
    private volatile String backward = "";

    ConfluentServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** Answers in place of the registry; true if it has answered. */
    @FunctionalInterface
    interface Fault {
        boolean answer(HttpExchange exchange) throws IOException;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** What was asked, as {@code GET /path}. */
    List<String> requests() {
        return requests;
    }

    /** The last {@code Authorization} header. */
    String authorization() {
        return authorization;
    }

    void misbehave(@Nullable Fault by) {
        fault = by;
    }

    /** Every request is answered by that status and body. */
    void answerAll(int status, String body) {
        fault = exchange -> {
            send(exchange, status, body);
            return true;
        };
    }

    /** Says nothing until it is closed. */
    void stall() {
        fault = exchange -> {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return true;
        };
    }

    void backward(String subject) {
        backward = subject;
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            authorization = header == null ? "" : header;
            Fault now = fault;
            if (now != null && now.answer(exchange)) {
                return;
            }
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/", -1);
            for (int i = 0; i < path.length; i++) {
                path[i] = URLDecoder.decode(path[i], StandardCharsets.UTF_8);
            }
            answer(exchange, path, body);
        }
    }

    private synchronized void answer(HttpExchange exchange, String[] path, String body) throws IOException {
        boolean post = exchange.getRequestMethod().equals("POST");
        if (path[0].equals("schemas")) {
            schemas(exchange, path);
        } else if (path[0].equals("compatibility")) {
            List<String> breaks = breaks(path[2], MAPPER.readTree(body));
            ObjectNode answer = MAPPER.createObjectNode().put("is_compatible", breaks.isEmpty());
            breaks.forEach(answer.putArray("messages")::add);
            send(exchange, 200, answer.toString());
        } else if (post && path.length == 3) {
            register(exchange, path[1], MAPPER.readTree(body));
        } else if (post) {
            lookUp(exchange, path[1], MAPPER.readTree(body));
        } else {
            version(exchange, path[1], path[3]);
        }
    }

    private void schemas(HttpExchange exchange, String[] path) throws IOException {
        if (path[1].equals("types")) {
            send(exchange, 200, "[\"JSON\",\"AVRO\"]");
            return;
        }
        List<ObjectNode> same = all().stream()
                .filter(s ->
                        s.path(path[1].equals("ids") ? "id" : "guid").asString().equals(path[2]))
                .toList();
        if (same.isEmpty()) {
            send(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        } else if (path.length == 3) {
            send(
                    exchange,
                    200,
                    same.get(0)
                            .deepCopy()
                            .without(List.of("id", "subject", "version"))
                            .toString());
        } else if (path[3].equals("ids")) {
            send(
                    exchange,
                    200,
                    "[{\"context\":\".\",\"id\":" + same.get(0).path("id").asInt() + "}]");
        } else {
            send(exchange, 200, MAPPER.writeValueAsString(same));
        }
    }

    private List<ObjectNode> all() {
        return subjects.values().stream().flatMap(List::stream).toList();
    }

    private void version(HttpExchange exchange, String subject, String number) throws IOException {
        List<ObjectNode> versions = subjects.getOrDefault(subject, List.of());
        if (versions.isEmpty()) {
            send(exchange, 404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
            return;
        }
        int wanted = number.equals("latest") ? versions.size() : Integer.parseInt(number);
        if (wanted > versions.size()) {
            send(exchange, 404, "{\"error_code\":40402,\"message\":\"Version not found\"}");
        } else {
            send(exchange, 200, versions.get(wanted - 1).toString());
        }
    }

    private void register(HttpExchange exchange, String subject, JsonNode draft) throws IOException {
        try {
            MAPPER.readTree(draft.path("schema").asString());
        } catch (RuntimeException e) {
            send(exchange, 422, "{\"error_code\":42201,\"message\":\"Invalid schema\"}");
            return;
        }
        for (JsonNode reference : draft.path("references")) {
            if (!subjects.containsKey(reference.path("subject").asString())) {
                send(exchange, 422, "{\"error_code\":42201,\"message\":\"No schema reference found\"}");
                return;
            }
        }
        if (!breaks(subject, draft).isEmpty()) {
            send(exchange, 409, "{\"error_code\":409,\"message\":\"Schema being registered is incompatible\"}");
            return;
        }
        ObjectNode registered = add(subject, draft);
        send(exchange, 200, "{\"id\":" + registered.path("id").asInt() + "}");
    }

    private List<String> breaks(String subject, JsonNode draft) {
        List<ObjectNode> versions = subjects.getOrDefault(subject, List.of());
        return versions.isEmpty() || !subject.equals(backward)
                ? List.of()
                : RequiredFields.breaks(
                        versions.get(versions.size() - 1).path("schema").asString(),
                        draft.path("schema").asString());
    }

    private void lookUp(HttpExchange exchange, String subject, JsonNode draft) throws IOException {
        for (ObjectNode schema : subjects.getOrDefault(subject, List.of())) {
            if (schema.path("schema").equals(draft.path("schema"))) {
                send(exchange, 200, schema.toString());
                return;
            }
        }
        send(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    }

    private ObjectNode add(String subject, JsonNode draft) {
        List<ObjectNode> versions = subjects.computeIfAbsent(subject, s -> new ArrayList<>());
        for (ObjectNode schema : versions) {
            if (schema.path("schema").equals(draft.path("schema"))) {
                return schema;
            }
        }
        int id = all().stream()
                .filter(s -> s.path("schema").equals(draft.path("schema"))
                        && s.path("references").equals(draft.path("references")))
                .map(s -> s.path("id").asInt())
                .findFirst()
                .orElse((int) all().stream().map(s -> s.path("id")).distinct().count() + 1);
        ObjectNode schema = MAPPER.createObjectNode()
                .put("id", id)
                .put(
                        "guid",
                        UUID.nameUUIDFromBytes(draft.path("schema").asString().getBytes(StandardCharsets.UTF_8))
                                .toString())
                .put("subject", subject)
                .put("version", versions.size() + 1);
        draft.properties().forEach(property -> schema.set(property.getKey(), property.getValue()));
        versions.add(schema);
        return schema;
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
