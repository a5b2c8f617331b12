package dev.cdp.core.registry;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import dev.cdp.core.registry.RegistryJson.Described;
import org.jspecify.annotations.Nullable;

/**
 * A registry that speaks Confluent's REST API: Confluent's own, Apicurio ({@code /apis/ccompat/v7}), Karapace, Redpanda.
 * What was read once is never asked again. Thread-safe; holds no thread that keeps a JVM alive, so there is nothing to
 * close.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
public final class HttpSchemaRegistry implements SubjectRegistry {

    private final RegistryCalls calls;
    private final SchemaCache cache;
    private final Registration registration;
    private final String urls;

    private HttpSchemaRegistry(Builder options) {
        RegistryTransport transport =
                new RegistryTransport(options.credentials, options.timeout, options.maxAnswerBytes);
        this.calls = new RegistryCalls(transport, options.urls, options.patience, options.clock);
        this.cache = new SchemaCache(options.maxCachedCharacters, options.unknownFor, options.latestFor, options.clock);
        this.registration = options.registration;
        this.urls = String.join(", ", options.urls);
    }

    /**
     * A builder for a registry at one or several base URLs, which serve the same schemas.
     *
     * @throws IllegalArgumentException if there is none, or one is not a plain http(s) URL without user and password
     */
    public static Builder builder(URI... urls) {
        return new Builder(List.of(urls));
    }

    @Override
    public Optional<RegisteredSchema> find(SchemaKey key) {
        if (key instanceof SchemaKey.Id id && id.id() < 0) {
            return Optional.empty();
        }
        return cache.get(Objects.requireNonNull(key, "key"), this::load);
    }

    private Optional<RegisteredSchema> load(SchemaKey key) {
        if (key instanceof SchemaKey.Id id) {
            return described("/schemas/ids/" + id.id())
                    .flatMap(found -> complete(found, id.id(), null, versionsOf(id.id())));
        }
        if (key instanceof SchemaKey.Guid guid) {
            return byGuid(guid.guid());
        }
        String path = key instanceof SchemaKey.Version version
                ? path(version.subject(), String.valueOf(version.version()))
                : path(((SchemaKey.Latest) key).subject(), "latest");
        return described(path).flatMap(found -> complete(found, found.id(), found.guid(), subjects(found)));
    }

    /** Not every registry has GUIDs. One that answers otherwise, but not there, has none: then it knows no GUID. */
    private Optional<RegisteredSchema> byGuid(UUID guid) {
        String path = "/schemas/guids/" + guid;
        Optional<Described> schema = calls.call(RegistryRequest.getIfThere(
                path,
                answer -> answer.ok()
                        ? Optional.of(RegistryJson.described(answer.body()))
                        : Optional.<Described>empty()));
        if (schema.isEmpty()) {
            calls.call(RegistryRequest.get("/schemas/types", answer -> RegistryJson.array(answer.body())));
            return Optional.empty();
        }
        List<Integer> ids = calls.call(RegistryRequest.getIfThere(
                path + "/ids", answer -> answer.ok() ? RegistryJson.ids(answer.body()) : List.of()));
        Integer id = ids.isEmpty() ? null : ids.get(0);
        return complete(schema.get(), id, guid, id == null ? List.of() : versionsOf(id));
    }

    private Optional<RegisteredSchema> complete(
            Described found, @Nullable Integer id, @Nullable UUID guid, List<SchemaKey.Version> subjects) {
        return ReferenceResolver.resolve(found.references(), key -> described(path(key)))
                .map(references -> new RegisteredSchema(
                        id, guid == null ? found.guid() : guid, subjects, found.type(), found.text(), references));
    }

    private Optional<Described> described(String path) {
        return calls.call(RegistryRequest.get(
                path,
                answer -> answer.unknown()
                        ? Optional.<Described>empty()
                        : Optional.of(RegistryJson.described(answer.body()))));
    }

    private List<SchemaKey.Version> versionsOf(int id) {
        return calls.call(RegistryRequest.getIfThere(
                "/schemas/ids/" + id + "/versions",
                answer -> answer.ok() ? RegistryJson.versions(answer.body()) : List.of()));
    }

    private static List<SchemaKey.Version> subjects(Described found) {
        String subject = found.subject();
        return subject == null || found.version() < 1
                ? List.of()
                : List.of(new SchemaKey.Version(subject, found.version()));
    }

    @Override
    public RegisteredSchema register(String subject, SchemaDraft schema) {
        registration.check();
        Subjects.check(subject);
        String body = RegistryJson.draft(schema);
        String path = "/subjects/" + RegistryUrl.segment(subject);
        String refused = calls.call(
                RegistryRequest.post(path + "/versions", body, answer -> answer.ok() ? "" : refusal(subject, answer)));
        if (!refused.isEmpty()) {
            throw new RegistryRefusedException(refused);
        }
        cache.registered();
        // Registering answers with the id alone; looking the same schema up tells the version.
        Described found = calls.call(RegistryRequest.post(path, body, answer -> RegistryJson.described(answer.body())));
        return complete(
                        new Described(
                                found.id(),
                                found.guid(),
                                subject,
                                found.version(),
                                schema.type(),
                                found.text(),
                                schema.references()),
                        found.id(),
                        found.guid(),
                        List.of(new SchemaKey.Version(subject, found.version())))
                .orElseThrow(() -> new RegistryRefusedException(
                        "subject " + subject + " has taken the schema, but lacks one that it refers to"));
    }

    @Override
    public CompatibilityAnswer compatibility(String subject, SchemaDraft schema) {
        Subjects.check(subject);
        String path = "/compatibility/subjects/" + RegistryUrl.segment(subject) + "/versions?verbose=true";
        List<String> refused = new ArrayList<>();
        CompatibilityAnswer found = calls.call(RegistryRequest.post(path, RegistryJson.draft(schema), answer -> {
            if (answer.refused()) {
                refused.add(refusal(subject, answer));
            }
            return answer.ok()
                    ? RegistryJson.compatibility(answer.body())
                    : new CompatibilityAnswer(answer.unknown(), List.of());
        }));
        if (!refused.isEmpty()) {
            throw new RegistryRefusedException(refused.get(0));
        }
        return found;
    }

    private static String refusal(String subject, RegistryAnswer answer) {
        String why = answer.status() == 409 ? "as incompatible with what it has" : "as broken";
        return "the registry refuses the schema for subject " + subject + " " + why + ": error code "
                + answer.error().code() + ", " + answer.error().message();
    }

    private static String path(SchemaKey.Version key) {
        return path(key.subject(), String.valueOf(key.version()));
    }

    private static String path(String subject, String version) {
        return "/subjects/" + RegistryUrl.segment(subject) + "/versions/" + version;
    }

    @Override
    public String toString() {
        return "HttpSchemaRegistry[" + urls + "]";
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {

        private final List<String> urls;
        private @Nullable RegistryCredentials credentials;
        private Duration timeout = Duration.ofSeconds(5);
        private int maxAnswerBytes = 1 << 20;
        private long maxCachedCharacters = 16_000_000;
        private Duration unknownFor = Duration.ofSeconds(30);
        private Duration latestFor = Duration.ofMinutes(1);
        private RegistryCalls.Patience patience =
                new RegistryCalls.Patience(3, Duration.ofMillis(100), 5, Duration.ofSeconds(5));
        private Registration registration = Registration.REFUSED;
        private InstantSource clock = InstantSource.system();

        private Builder(List<URI> urls) {
            if (urls.isEmpty()) {
                throw new IllegalArgumentException("urls: expected at least one base URL, found none");
            }
            this.urls = urls.stream().map(RegistryUrl::checked).toList();
        }

        /** Logs in by user and password; the password is asked for at each request. */
        public Builder basic(String user, Supplier<String> password) {
            credentials = RegistryCredentials.basic(user, Objects.requireNonNull(password, "password"));
            return this;
        }

        /** Logs in by a bearer token, which is asked for at each request. */
        public Builder bearer(Supplier<String> token) {
            credentials = RegistryCredentials.bearer(Objects.requireNonNull(token, "token"));
            return this;
        }

        /** The longest a whole answer may take, per server and attempt; 5 s by default. */
        public Builder timeout(Duration atMost) {
            timeout = positive("timeout", atMost);
            return this;
        }

        /** The longest answer in bytes; 1 MiB by default. */
        public Builder maxAnswerBytes(int bytes) {
            maxAnswerBytes = (int) atLeast("maxAnswerBytes", bytes, 1_024);
            return this;
        }

        /** How many characters of schemas are remembered; 16 million by default. */
        public Builder maxCachedCharacters(long characters) {
            maxCachedCharacters = atLeast("maxCachedCharacters", characters, 1);
            return this;
        }

        /** How long an id that the registry did not know is not asked for again; 30 s by default. */
        public Builder unknownFor(Duration time) {
            unknownFor = positive("unknownFor", time);
            return this;
        }

        /** How long a subject's latest version is taken to be the latest; one minute by default. */
        public Builder latestFor(Duration time) {
            latestFor = positive("latestFor", time);
            return this;
        }

        /** How often every server is asked, and the first wait in between, which doubles; 3 and 100 ms by default. */
        public Builder retry(int attempts, Duration firstWait) {
            patience = new RegistryCalls.Patience(
                    (int) atLeast("attempts", attempts, 1),
                    positive("firstWait", firstWait),
                    patience.failuresToOpen(),
                    patience.open());
            return this;
        }

        /**
         * So many calls in a row that no server answered open the circuit, and for so long nothing is asked; 5 and 5 s
         * by default.
         */
        public Builder circuit(int failures, Duration open) {
            patience = new RegistryCalls.Patience(
                    patience.attempts(),
                    patience.firstWait(),
                    (int) atLeast("failures", failures, 1),
                    positive("open", open));
            return this;
        }

        /** Whether {@link #register} may be called; refused by default. */
        public Builder registration(Registration allowed) {
            registration = Objects.requireNonNull(allowed, "registration");
            return this;
        }

        Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /** The registry. Nothing is asked before the first schema is needed. */
        public HttpSchemaRegistry build() {
            return new HttpSchemaRegistry(this);
        }

        private static Duration positive(String option, Duration found) {
            if (found.toMillis() < 1) {
                throw new IllegalArgumentException(option + ": expected at least 1 ms, found " + found);
            }
            return found;
        }

        private static long atLeast(String option, long found, long least) {
            if (found < least) {
                throw new IllegalArgumentException(option + ": expected at least " + least + ", found " + found);
            }
            return found;
        }
    }
}
