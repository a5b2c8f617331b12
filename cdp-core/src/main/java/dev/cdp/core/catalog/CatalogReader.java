package dev.cdp.core.catalog;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.catalog.DimensionReader.Completeness;
import dev.cdp.core.catalog.YamlNode.Scalar;
import org.jspecify.annotations.Nullable;

/** Reads {@code cdp.yaml} and the schemas that it names, and reports everything that is wrong at once. */
final class CatalogReader {

    private static final int FORMAT = 1;
    private static final int MAX_PROBLEMS = 1_000;

    private final CatalogFiles files;
    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, EventDefinition> events = new LinkedHashMap<>();
    private final Map<String, Dimension> dimensions = new LinkedHashMap<>();
    private final Set<String> declaredEvents = new HashSet<>();

    private CatalogReader(CatalogFiles files, String file) {
        this.files = files;
        this.file = file;
    }

    /** {@code name} is the file's name in its folder, {@code display} what messages call it. */
    static Result read(CatalogFiles files, String name, String display) {
        CatalogReader reader = new CatalogReader(files, display);
        String text = reader.text(name);
        Catalog catalog = text == null ? null : reader.catalog(text);
        if (catalog != null && reader.problems.isEmpty()) {
            CatalogLock.check(catalog, files, name, display, reader.problems);
        }
        List<Problem> sorted = reader.problems.stream()
                .distinct()
                .sorted(Comparator.comparing((Problem p) -> !p.file().equals(display))
                        .thenComparing(Problem::file)
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column))
                .limit(MAX_PROBLEMS)
                .toList();
        return new Result(catalog, sorted);
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
            form.problemAt(
                    "cdp",
                    "format",
                    "cdp: expected format version " + FORMAT + ", found '" + DidYouMean.shown(format) + "'");
        }
        String name = form.required("catalog", "social");
        URI source = uri(form, form.required("source", "//social.example"));
        Defaults defaults = Defaults.read(form.form("defaults"));
        events(form, source, defaults);
        new TopicRules(file, problems).check(events.values(), form);
        Map<String, Metric> metrics = metrics(form);
        LintIgnore.read(form.form("lint"));
        form.refuseOthers();
        return new Catalog(name, source, events, dimensions, metrics, new Catalog.Text(file, text));
    }

    private static URI uri(YamlForm form, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            form.problemAt("source", "bad-value", "source: expected a URI reference such as //social.example");
            return URI.create("//invalid");
        }
    }

    private void events(YamlForm form, URI source, Defaults defaults) {
        if (form.node("events") == null) {
            form.problemAt(
                    "events",
                    "missing-key",
                    "catalog: 'events' is missing; it maps each event's name to its" + " schema");
        }
        for (var entry : form.entries("events").entrySet()) {
            Scalar name = entry.getKey();
            YamlForm own = YamlForm.of(file, "event " + name.kind(), entry.getValue(), problems);
            EventDefinition event = new EventReader(files, file, name, own, source, defaults, problems).read();
            declaredEvents.add(name.text());
            if (event != null) {
                events.put(event.name(), event);
            }
        }
    }

    private Map<String, Metric> metrics(YamlForm form) {
        boolean all = events.keySet().containsAll(declaredEvents);
        DimensionReader reader =
                new DimensionReader(events.values(), all ? Completeness.ALL_READ : Completeness.SOME_FAILED);
        Set<String> declared = new HashSet<>();
        for (var entry : form.entries("dimensions").entrySet()) {
            Scalar name = entry.getKey();
            declared.add(name.text());
            Dimension dimension =
                    reader.read(name, YamlForm.of(file, "dimension " + name.kind(), entry.getValue(), problems));
            if (dimension != null) {
                dimensions.put(dimension.name(), dimension);
            }
        }
        Map<Scalar, YamlForm> forms = new LinkedHashMap<>();
        for (var entry : form.entries("metrics").entrySet()) {
            String title = "metric " + entry.getKey().kind();
            forms.put(entry.getKey(), YamlForm.of(file, title, entry.getValue(), problems));
        }
        AggregateReader aggregates = new AggregateReader(events, declaredEvents, dimensions, declared);
        return new MetricReader(aggregates, declared).read(forms);
    }

    /** What could be read of a catalog, and what is wrong with the rest. */
    record Result(@Nullable Catalog catalog, List<Problem> problems) {

        Catalog catalogOrThrow() {
            if (catalog == null || !problems.isEmpty()) {
                throw new InvalidCatalogException(problems);
            }
            return catalog;
        }
    }
}
