package dev.cdp.core.catalog;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.core.catalog.YamlNode.Scalar;
import org.jspecify.annotations.Nullable;

/** Reads {@code cdp.yaml} and the schemas that it names, and reports everything that is wrong at once. */
final class CatalogReader {

    private static final int FORMAT = 1;

    private final CatalogFiles files;
    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, EventDefinition> events = new LinkedHashMap<>();

    private CatalogReader(CatalogFiles files, String file) {
        this.files = files;
        this.file = file;
    }

    /** {@code name} is the file's name in its folder, {@code display} what messages call it. */
    static Catalog read(CatalogFiles files, String name, String display) {
        CatalogReader reader = new CatalogReader(files, display);
        String text = reader.text(name);
        Catalog catalog = text == null ? null : reader.catalog(text);
        if (catalog == null || !reader.problems.isEmpty()) {
            reader.problems.sort(Comparator.comparing((Problem p) -> !p.file().equals(display))
                    .thenComparing(Problem::file)
                    .thenComparingInt(Problem::line)
                    .thenComparingInt(Problem::column));
            throw new InvalidCatalogException(reader.problems);
        }
        return catalog;
    }

    private @Nullable String text(String name) {
        try {
            byte[] bytes = files.read(name);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file, 0, 0, "encoding", "expected UTF-8; save the file in that encoding"));
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            file,
                            0,
                            0,
                            "catalog-file",
                            e.getMessage()
                                    + "; a catalog is a file cdp.yaml that begins with 'cdp: 1', named by --catalog or Catalog.load"));
        }
        return null;
    }

    private @Nullable Catalog catalog(String text) {
        YamlNode root = YamlReader.read(file, text, problems::add);
        if (root == null) {
            return null;
        }
        YamlForm form = YamlForm.of(file, "catalog", root, problems);
        String format = form.required("cdp", "1");
        if (!format.isEmpty() && !format.equals(String.valueOf(FORMAT))) {
            form.problemAt("cdp", "format", "cdp: expected format version " + FORMAT + ", found '" + format + "'");
        }
        String name = form.required("catalog", "social");
        String sourceText = form.required("source", "//social.example");
        URI source = uri(form, sourceText);
        Defaults defaults = Defaults.read(form.form("defaults"));
        for (var entry : form.entries("events").entrySet()) {
            event(entry.getKey(), entry.getValue(), source, defaults);
        }
        if (form.node("events") == null) {
            form.problemAt(
                    "events",
                    "missing-key",
                    "catalog: 'events' is missing; it maps each event's name to its" + " schema");
        }
        form.refuseOthers();
        agreeOnPartitions(form);
        return problems.isEmpty() ? new Catalog(name, source, text, events) : null;
    }

    private void event(Scalar name, YamlNode node, URI source, Defaults defaults) {
        YamlForm form = YamlForm.of(file, "event '" + name.text() + "'", node, problems);
        EventDefinition event = new EventReader(files, file, name, form, source, defaults, problems).read();
        if (event != null) {
            events.put(event.name(), event);
        }
    }

    private static URI uri(YamlForm form, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            form.problemAt("source", "bad-value", "source: expected a URI reference such as //social.example");
            return URI.create("//invalid");
        }
    }

    /** One topic has one number of partitions, and one table belongs to one event. */
    private void agreeOnPartitions(YamlForm form) {
        Map<String, EventDefinition> byTopic = new HashMap<>();
        Map<String, EventDefinition> byTable = new HashMap<>();
        for (EventDefinition event : events.values()) {
            EventDefinition other = byTopic.putIfAbsent(event.topic(), event);
            if (other != null && other.partitions() != event.partitions()) {
                form.problemAt(
                        "events",
                        "partitions-differ",
                        "topic " + event.topic() + " has " + other.partitions()
                                + " partitions for '" + other.name() + "' and " + event.partitions() + " for '"
                                + event.name()
                                + "'");
            }
            event.table().ifPresent(table -> {
                String qualified = table.database() + "." + table.name();
                EventDefinition owner = byTable.putIfAbsent(qualified, event);
                if (owner != null) {
                    form.problemAt(
                            "events",
                            "table-shared",
                            "table " + qualified + " is that of '" + owner.name() + "' and of '" + event.name()
                                    + "'; each event has its own");
                }
            });
        }
    }
}
