package dev.cdp.core.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.cdp.core.registry.RegistryJson.Described;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a directory's {@code registry.json} says, with the text of every file that it names. Immutable. */
final class DirectoryIndex {

    static final String FILE = "registry.json";
    private static final int MAX_INDEX_BYTES = 32 << 20;
    private static final int MAX_SCHEMA_BYTES = 1 << 20;

    private final Stamp stamp;
    private final Map<SchemaKey.Version, Described> versions;
    private final Map<String, Integer> latest = new TreeMap<>();
    private final Map<SchemaKey, List<Described>> byKey = new HashMap<>();
    private final Map<SchemaKey, Optional<RegisteredSchema>> complete = new ConcurrentHashMap<>();

    private DirectoryIndex(Stamp stamp, Map<SchemaKey.Version, Described> versions) {
        this.stamp = stamp;
        this.versions = versions;
        versions.forEach((key, schema) -> {
            latest.merge(key.subject(), key.version(), Math::max);
            byKey.put(key, List.of(schema));
            Integer id = schema.id();
            if (id != null) {
                all(new SchemaKey.Id(id)).add(schema);
            }
            UUID guid = schema.guid();
            if (guid != null) {
                all(new SchemaKey.Guid(guid)).add(schema);
            }
        });
        latest.forEach((subject, version) ->
                byKey.put(new SchemaKey.Latest(subject), with(new SchemaKey.Version(subject, version))));
    }

    private List<Described> all(SchemaKey key) {
        return byKey.computeIfAbsent(key, k -> new ArrayList<>());
    }

    /** @throws RegistryUnavailableException if it is not there or not what an index is */
    static DirectoryIndex read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Stamp stamp = Stamp.of(file);
            JsonNode root = RegistryJson.tree(text(file, MAX_INDEX_BYTES));
            Map<SchemaKey.Version, Described> versions = new LinkedHashMap<>();
            for (JsonNode entry : RegistryJson.array(root.path("schemas").toString())) {
                Described described = described(folder, entry);
                versions.put(
                        new SchemaKey.Version(String.valueOf(described.subject()), described.version()), described);
            }
            return new DirectoryIndex(stamp, versions);
        } catch (IOException | BrokenAnswerException | IllegalArgumentException e) {
            throw new RegistryUnavailableException(
                    "the directory of schemas at " + file + " cannot be read: " + e.getMessage()
                            + "; expected {\"schemas\":[{\"id\":1,\"subject\":\"s\",\"version\":1,\"schemaType\":\"JSON\","
                            + "\"file\":\"s/1.json\"}]}",
                    e);
        }
    }

    static void create(Path folder) {
        try {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve(FILE))) {
                write(folder.resolve(FILE), "{\"schemas\":[]}");
            }
        } catch (IOException e) {
            throw new RegistryUnavailableException(folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The same shape as an answer over HTTP, with the text in a file of its own. */
    private static Described described(Path folder, JsonNode entry) throws IOException, BrokenAnswerException {
        ObjectNode whole = RegistryJson.object();
        entry.properties().forEach(property -> whole.set(property.getKey(), property.getValue()));
        String file = entry.path("file").asString("");
        whole.put("schema", text(inside(folder, file), MAX_SCHEMA_BYTES));
        Described found = RegistryJson.described(whole.toString());
        if (found.id() == null || found.subject() == null) {
            throw new IOException("the entry of file '" + file + "' has no id or no subject");
        }
        UUID guid = found.guid() == null ? guid(found) : found.guid();
        return new Described(
                found.id(), guid, found.subject(), found.version(), found.type(), found.text(), found.references());
    }

    private static Path inside(Path folder, String file) throws IOException {
        try {
            Path relative = Path.of(file).normalize();
            if (file.isEmpty() || relative.isAbsolute() || relative.startsWith("..")) {
                throw new IOException("'" + file + "' is not a file inside the directory");
            }
            Path real = folder.resolve(relative).toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw new IOException("'" + file + "' leaves the directory through a link");
            }
            return real;
        } catch (InvalidPathException e) {
            throw new IOException("'" + file + "' is not a file name", e);
        }
    }

    private static String text(Path file, int limit) throws IOException {
        if (Files.size(file) > limit) {
            throw new IOException(file + " is longer than " + limit + " bytes");
        }
        return Files.readString(file);
    }

    /** The GUID of a content is made of nothing but the content, so that it is the same in every directory. */
    private static UUID guid(Described schema) {
        String content = schema.type() + "\n" + RegistryJson.references(schema.references()) + "\n" + schema.text();
        return UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the file has been written since this was read. */
    boolean outdated(Path folder) {
        try {
            return !stamp.equals(Stamp.of(folder.resolve(FILE)));
        } catch (IOException e) {
            return true;
        }
    }

    /** Every version that a key stands for. */
    List<Described> with(SchemaKey key) {
        return byKey.getOrDefault(key, List.of());
    }

    /** The schema of a key with what it refers to; empty if either is not there. */
    Optional<RegisteredSchema> find(SchemaKey key) {
        List<Described> same = with(key);
        return same.isEmpty() ? Optional.empty() : complete.computeIfAbsent(key, k -> complete(same));
    }

    private Optional<RegisteredSchema> complete(List<Described> same) {
        Described first = same.get(0);
        List<SchemaKey.Version> subjects = new ArrayList<>();
        same.forEach(schema -> subjects.add(new SchemaKey.Version(String.valueOf(schema.subject()), schema.version())));
        return ReferenceResolver.resolve(
                        first.references(), key -> with(key).stream().findFirst())
                .map(texts ->
                        new RegisteredSchema(first.id(), first.guid(), subjects, first.type(), first.text(), texts));
    }

    /** The version of a subject that has exactly that schema already. */
    Optional<Described> same(String subject, SchemaDraft draft) {
        return versions.values().stream()
                .filter(schema -> subject.equals(schema.subject()) && same(schema, draft))
                .findFirst();
    }

    private static boolean same(Described schema, SchemaDraft draft) {
        return schema.type() == draft.type()
                && schema.text().equals(draft.text())
                && schema.references().equals(draft.references());
    }

    /** Writes a schema as the next version of a subject: its file first, then the index in one move. */
    void append(Path folder, String subject, SchemaDraft draft) {
        int version = latest.getOrDefault(subject, 0) + 1;
        Integer id = versions.values().stream()
                .filter(schema -> same(schema, draft))
                .map(Described::id)
                .findFirst()
                .orElseGet(this::nextId);
        String ending =
                draft.type() == SchemaType.JSON ? ".json" : draft.type() == SchemaType.AVRO ? ".avsc" : ".proto";
        String file = RegistryUrl.segment(subject) + "/" + version + ending;
        List<ObjectNode> entries = new ArrayList<>();
        try {
            JsonNode root = RegistryJson.tree(text(folder.resolve(FILE), MAX_INDEX_BYTES));
            for (JsonNode entry : root.path("schemas")) {
                entries.add((ObjectNode) entry);
            }
            ObjectNode entry = RegistryJson.object()
                    .put("id", id)
                    .put("subject", subject)
                    .put("version", version)
                    .put("schemaType", draft.type().name())
                    .put("file", file);
            entry.set("references", RegistryJson.references(draft.references()));
            entries.add(entry);
            Path schemaFile = folder.resolve(file);
            Files.createDirectories(folder.resolve(RegistryUrl.segment(subject)));
            write(schemaFile, draft.text());
            ObjectNode whole = RegistryJson.object();
            ArrayNode array = whole.putArray("schemas");
            entries.forEach(array::add);
            write(folder.resolve(FILE), whole.toPrettyString());
        } catch (IOException | BrokenAnswerException e) {
            throw new RegistryUnavailableException(
                    "the directory of schemas at " + folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    private int nextId() {
        return versions.values().stream()
                        .map(Described::id)
                        .mapToInt(id -> id == null ? 0 : id)
                        .max()
                        .orElse(0)
                + 1;
    }

    private static void write(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** When the index was written: its file key tells apart two that were written in one tick. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object fileKey) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }
}
