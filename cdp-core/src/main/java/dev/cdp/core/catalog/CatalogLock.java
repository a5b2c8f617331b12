package dev.cdp.core.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.cdp.core.catalog.YamlNode.Mapping;
import dev.cdp.core.catalog.YamlNode.Scalar;
import dev.cdp.core.schema.EventSchema;
import org.jspecify.annotations.Nullable;

/**
 * What every published version of every event said: the hashes that stand in {@code cdp.lock}, beside {@code cdp.yaml}.
 * A catalog with a lock beside it does not load when a locked version says something else, or is gone. Immutable.
 *
 * @see EventSchema#hash()
 */
public final class CatalogLock {

    private static final int FORMAT = 1;
    private static final String CHANGED = "locked-changed";
    private static final String REMOVED = "locked-removed";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final String HEAD = """
            # Written by 'cdp catalog lock'; commit it. A version that stands here never changes: raise 'version:' in
            # the catalog and keep the old schema under 'versions:'. Delete a line only when no record carries it.
            """;

    private final NavigableMap<String, NavigableMap<Integer, String>> events;

    private CatalogLock(NavigableMap<String, NavigableMap<Integer, String>> events) {
        this.events = events;
    }

    /** The lock of every version that a catalog has. */
    public static CatalogLock of(Catalog catalog) {
        NavigableMap<String, NavigableMap<Integer, String>> events = new TreeMap<>();
        for (EventDefinition event : catalog.events()) {
            NavigableMap<Integer, String> versions = new TreeMap<>();
            event.versions().forEach((version, schema) -> versions.put(version, schema.hash()));
            events.put(event.name(), versions);
        }
        return new CatalogLock(events);
    }

    /** Where a catalog's lock stands: {@code cdp.lock} for {@code cdp.yaml}. */
    public static Path beside(Path catalogFile) {
        Path name = Objects.requireNonNull(catalogFile.getFileName(), "a catalog is a file");
        return catalogFile.resolveSibling(nameBeside(name.toString()));
    }

    /**
     * The lock that stands beside a catalog, if there is one.
     *
     * @throws InvalidCatalogException if it cannot be read, with every problem found
     */
    public static Optional<CatalogLock> read(Path catalogFile) {
        Path absolute = catalogFile.toAbsolutePath();
        Path folder = Objects.requireNonNullElse(absolute.getParent(), absolute);
        List<Problem> problems = new ArrayList<>();
        Locked locked = read(
                CatalogFiles.folder(folder), String.valueOf(absolute.getFileName()), catalogFile.toString(), problems);
        if (!problems.isEmpty()) {
            throw new InvalidCatalogException(problems);
        }
        return Optional.ofNullable(locked).map(Locked::lock);
    }

    /** Whether a problem of a catalog is that a locked version changed or is gone. */
    public static boolean concerns(Problem problem) {
        return problem.rule().equals(CHANGED) || problem.rule().equals(REMOVED);
    }

    /** The problems of a catalog that was read from those files with the lock that stands beside it. */
    static void check(Catalog catalog, CatalogFiles files, String name, String display, List<Problem> problems) {
        Locked locked = read(files, name, display, problems);
        if (locked != null) {
            locked.entries.forEach(entry -> entry.check(catalog, locked.file, problems));
        }
    }

    private static @Nullable Locked read(CatalogFiles files, String name, String display, List<Problem> problems) {
        String lockName = nameBeside(name);
        String file = nameBeside(display);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(files.read(lockName)))
                    .toString();
            YamlNode root = YamlReader.read(file, text, problems::add);
            return root == null ? null : parse(file, root, problems);
        } catch (FileNotFoundException e) {
            return null; // a catalog need not be locked
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file, 0, 0, "encoding", "expected UTF-8; save the file in that encoding"));
        } catch (IOException e) {
            problems.add(new Problem(file, 0, 0, "lock-file", String.valueOf(e.getMessage())));
        }
        return null;
    }

    private static Locked parse(String file, YamlNode root, List<Problem> problems) {
        YamlForm form = YamlForm.of(file, "lock", root, problems);
        String format = form.required("lock", String.valueOf(FORMAT));
        if (!format.isEmpty() && !format.equals(String.valueOf(FORMAT))) {
            form.problemAt(
                    "lock",
                    "format",
                    "lock: expected format version " + FORMAT + ", found '" + DidYouMean.shown(format) + "'");
        }
        List<Entry> entries = new ArrayList<>();
        for (var event : form.entries("events").entrySet()) {
            Scalar name = event.getKey();
            YamlForm versions = YamlForm.of(file, "event " + name.kind(), event.getValue(), problems);
            Map<Scalar, YamlNode> lines = event.getValue() instanceof Mapping mapping ? mapping.entries() : Map.of();
            for (Scalar version : lines.keySet()) {
                String hash = versions.scalar(version.text(), "a SHA-256 in 64 hex digits", text -> {
                    if (!HASH.matcher(text).matches()) {
                        throw new IllegalArgumentException();
                    }
                    return text;
                });
                if (!VERSION.matcher(version.text()).matches()) {
                    versions.problem(version, "bad-value", "expected a version number, found " + version.kind());
                } else if (hash != null) {
                    entries.add(new Entry(name.text(), Integer.parseInt(version.text()), hash, version));
                }
            }
        }
        form.refuseOthers();
        return new Locked(file, entries);
    }

    private static String nameBeside(String catalogFile) {
        return catalogFile.replaceFirst("\\.ya?ml$", "") + ".lock";
    }

    /** The hash of each version, by event, both ascending. */
    public NavigableMap<String, NavigableMap<Integer, String>> events() {
        return Collections.unmodifiableNavigableMap(events);
    }

    /** The file's text: one line a version, events by name, versions ascending. */
    public String text() {
        StringBuilder out =
                new StringBuilder(HEAD).append("lock: ").append(FORMAT).append("\nevents:");
        for (Map.Entry<String, NavigableMap<Integer, String>> event : events.entrySet()) {
            out.append("\n  ").append(event.getKey()).append(':');
            event.getValue()
                    .forEach((version, hash) ->
                            out.append("\n    ").append(version).append(": ").append(hash));
        }
        return out.append(events.isEmpty() ? " {}\n" : "\n").toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CatalogLock that && that.events.equals(events);
    }

    @Override
    public int hashCode() {
        return events.hashCode();
    }

    private record Locked(String file, List<Entry> entries) {

        CatalogLock lock() {
            NavigableMap<String, NavigableMap<Integer, String>> events = new TreeMap<>();
            entries.forEach(entry ->
                    events.computeIfAbsent(entry.event, e -> new TreeMap<>()).put(entry.version, entry.hash));
            return new CatalogLock(events);
        }
    }

    private record Entry(String event, int version, String hash, Scalar place) {

        void check(Catalog catalog, String file, List<Problem> problems) {
            EventDefinition definition = catalog.event(event).orElse(null);
            EventSchema schema =
                    definition == null ? null : definition.schema(version).orElse(null);
            String title = "event '" + event + "', version " + version;
            if (definition == null) {
                problem(
                        file,
                        REMOVED,
                        title + ": it is locked, and the catalog has no such event" + catalog.didYouMean(event)
                                + "; bring it back, or delete its lines here when no topic holds its records",
                        problems);
            } else if (schema == null) {
                problem(
                        file,
                        REMOVED,
                        title + ": it is locked, and the catalog has no such version; keep its schema under 'versions:"
                                + " { " + version + ": … }', or delete this line when no topic holds its records",
                        problems);
            } else if (!schema.hash().equals(hash)) {
                problem(
                        file,
                        CHANGED,
                        title + ": it is locked as " + hash.substring(0, 12) + "…, and "
                                + schema.location().getPath().substring(1) + " now says something else ("
                                + schema.hash().substring(0, 12) + "…); raise 'version:' to "
                                + (definition.versions().lastKey() + 1)
                                + " for the change, and keep the old schema under 'versions: { " + version
                                + ": … }'",
                        problems);
            }
        }

        private void problem(String file, String rule, String message, List<Problem> problems) {
            problems.add(new Problem(file, place.line(), place.column(), rule, message));
        }
    }
}
