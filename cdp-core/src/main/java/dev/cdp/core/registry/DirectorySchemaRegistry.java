package dev.cdp.core.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.cdp.core.registry.RegistryJson.Described;
import org.jspecify.annotations.Nullable;

/**
 * A registry in a directory: {@code registry.json} lists ids, subjects and versions, each with the file that holds the
 * schema. For tests, for one machine, and for schemas that travel with an application. It is read when it is opened, and
 * again when something is not found and the file has changed. Thread-safe.
 */
public final class DirectorySchemaRegistry implements SubjectRegistry {

    private static final String LOCK = "registry.lock";

    private final Path folder;
    private final Registration registration;
    private final @Nullable SchemaComparison comparison;
    private volatile DirectoryIndex index;

    private DirectorySchemaRegistry(
            Path folder, Registration registration, @Nullable SchemaComparison comparison, DirectoryIndex index) {
        this.folder = folder;
        this.registration = registration;
        this.comparison = comparison;
        this.index = index;
    }

    /**
     * Opens a directory for reading.
     *
     * @throws RegistryUnavailableException if it is not there, or its index cannot be read
     */
    public static DirectorySchemaRegistry open(Path folder) {
        return new DirectorySchemaRegistry(folder, Registration.REFUSED, null, DirectoryIndex.read(folder));
    }

    /**
     * Opens a directory whose new versions are compared with the latest one. Where registration is allowed, a directory
     * that does not exist is made.
     *
     * @throws RegistryUnavailableException if it cannot be read or made
     */
    public static DirectorySchemaRegistry open(Path folder, Registration registration, SchemaComparison comparison) {
        Objects.requireNonNull(comparison, "comparison");
        if (registration == Registration.ALLOWED) {
            DirectoryIndex.create(folder);
        }
        return new DirectorySchemaRegistry(folder, registration, comparison, DirectoryIndex.read(folder));
    }

    @Override
    public Optional<RegisteredSchema> find(SchemaKey key) {
        DirectoryIndex now = index;
        Optional<RegisteredSchema> found = now.find(Objects.requireNonNull(key, "key"));
        if ((found.isEmpty() || key instanceof SchemaKey.Latest) && now.outdated(folder)) {
            return reread(key, found);
        }
        return found;
    }

    /** What was the latest goes on being it while the directory cannot be read. */
    private Optional<RegisteredSchema> reread(SchemaKey key, Optional<RegisteredSchema> old) {
        try {
            DirectoryIndex fresh = DirectoryIndex.read(folder);
            index = fresh;
            return fresh.find(key);
        } catch (RegistryUnavailableException e) {
            if (old.isPresent()) {
                return old;
            }
            throw e;
        }
    }

    @Override
    public RegisteredSchema register(String subject, SchemaDraft schema) {
        registration.check();
        Subjects.check(subject);
        synchronized (this) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("the lock was lost");
                }
                return registerAlone(subject, schema);
            } catch (IOException e) {
                throw new RegistryUnavailableException(folder + " cannot be locked: " + e.getMessage(), e);
            }
        }
    }

    private RegisteredSchema registerAlone(String subject, SchemaDraft schema) {
        DirectoryIndex now = DirectoryIndex.read(folder);
        if (now.same(subject, schema).isEmpty()) {
            check(subject, schema, now);
            List<String> breaks = breaks(subject, schema, now);
            if (!breaks.isEmpty()) {
                throw new RegistryRefusedException("the schema for subject " + subject
                        + " is incompatible with its latest version: " + String.join("; ", breaks));
            }
            now.append(folder, subject, schema);
            now = DirectoryIndex.read(folder);
        }
        index = now;
        Described found = now.same(subject, schema).orElseThrow();
        return now.find(new SchemaKey.Version(subject, found.version())).orElseThrow();
    }

    /** That it is a schema at all, and that what it refers to is there. */
    private static void check(String subject, SchemaDraft schema, DirectoryIndex now) {
        if (schema.type() != SchemaType.PROTOBUF) {
            try {
                RegistryJson.tree(schema.text());
            } catch (BrokenAnswerException e) {
                throw new RegistryRefusedException("the schema for subject " + subject + " is no JSON");
            }
        }
        for (SchemaReference reference : schema.references()) {
            if (now.with(reference.key()).isEmpty()) {
                throw new RegistryRefusedException("the schema for subject " + subject + " refers to " + reference.key()
                        + ", which is not there; register it first");
            }
        }
    }

    @Override
    public CompatibilityAnswer compatibility(String subject, SchemaDraft schema) {
        Subjects.check(subject);
        DirectoryIndex now = index.outdated(folder) ? DirectoryIndex.read(folder) : index;
        check(subject, schema, now);
        List<String> breaks = breaks(subject, schema, now);
        return new CompatibilityAnswer(breaks.isEmpty(), breaks);
    }

    private List<String> breaks(String subject, SchemaDraft schema, DirectoryIndex now) {
        if (comparison == null) {
            throw new RegistryRefusedException("the directory at " + folder + " was opened without a comparison;"
                    + " open it by open(folder, registration, comparison)");
        }
        List<Described> latest = now.with(new SchemaKey.Latest(subject));
        return latest.isEmpty() ? List.of() : comparison.breaks(draft(latest.get(0)), schema);
    }

    private static SchemaDraft draft(Described schema) {
        return new SchemaDraft(schema.type(), schema.text(), schema.references());
    }

    @Override
    public String toString() {
        return "DirectorySchemaRegistry[" + folder + "]";
    }
}
