package dev.cdp.core.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cdp.core.catalog.LintReport.Suppressed;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.SchemaFinding;
import dev.cdp.core.schema.SchemaLinter;
import org.jspecify.annotations.Nullable;

/** Looks in a catalog that loads for what may still go wrong: in its schemas, its tables and its metrics. */
public final class CatalogLinter {

    private final Catalog catalog;
    private final @Nullable YamlNode root;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final Map<EventSchema, SchemaLinter> schemas = new LinkedHashMap<>();

    private CatalogLinter(Catalog catalog) {
        this.catalog = catalog;
        String yaml = catalog.text().yaml();
        this.root = yaml.isEmpty() ? null : YamlReader.read(catalog.text().file(), yaml, problem -> {});
    }

    /** What there is to say of a catalog. */
    public static LintReport check(Catalog catalog) {
        return new CatalogLinter(Objects.requireNonNull(catalog, "catalog")).report(List.of());
    }

    /**
     * What there is to say of the catalog in a file. It need not load: its problems are findings too, beside those about
     * whatever could be read.
     */
    public static LintReport check(Path file) {
        CatalogReader.Result result = Catalog.readAll(file);
        List<Finding> problems = new ArrayList<>();
        for (Problem problem : result.problems()) {
            problems.add(new Finding(
                    Severity.ERROR,
                    problem.rule(),
                    problem.file(),
                    problem.line(),
                    problem.column(),
                    "",
                    problem.message()));
        }
        Catalog catalog = result.catalog();
        return catalog == null ? new LintReport(problems, List.of()) : new CatalogLinter(catalog).report(problems);
    }

    private LintReport report(List<Finding> problems) {
        for (EventDefinition event : catalog.events()) {
            event.versions().forEach((version, schema) -> schemas(event, version, schema));
            new EventLint(event, this).check();
        }
        new TopicLint(catalog, this).check();
        new MetricLint(catalog, this).check();
        return suppressed(problems);
    }

    private void schemas(EventDefinition event, int version, EventSchema schema) {
        SchemaLinter linter = linter(schema);
        linter.check().forEach(finding -> add(event, version, schema, finding));
        event.table()
                .ifPresent(table ->
                        linter.insertability(table.columns()).forEach(finding -> add(event, version, schema, finding)));
    }

    SchemaLinter linter(EventSchema schema) {
        return schemas.computeIfAbsent(schema, SchemaLinter::of);
    }

    /** A finding in a file stands there, once, however many events refer to it; one in an inline schema in the catalog. */
    private void add(EventDefinition event, int version, EventSchema schema, SchemaFinding finding) {
        LintRule rule = LintRule.of(finding.rule()).orElseThrow();
        String key = event.version() == version ? "schema" : "versions/" + version;
        String path = "/events/" + event.name() + "/" + key;
        YamlNode declared = root == null ? null : root.at(path);
        boolean own = finding.document().equals(schema.location().getPath().substring(1));
        if (own && declared instanceof YamlNode.Mapping inline) {
            YamlNode node = inline.at(finding.pointer());
            String at = path.substring(1).replace('/', '.') + "#" + finding.pointer();
            add(rule, catalog.text().file(), node.line(), node.column(), at, finding.message());
        } else {
            String at = finding.document() + "#" + finding.pointer();
            add(rule, finding.document(), finding.line(), finding.column(), at, finding.message());
        }
    }

    /** A finding at a place of {@code cdp.yaml}: the names on the way to it. */
    void add(LintRule rule, List<String> place, String message) {
        YamlNode node = root;
        YamlNode shown = root;
        for (String name : place) {
            YamlNode next = node == null ? null : node.child(name);
            if (next != null && node instanceof YamlNode.Mapping mapping) {
                shown = next instanceof YamlNode.Scalar ? next : mapping.key(name);
                node = next;
            }
        }
        int line = shown == null ? 0 : shown.line();
        int column = shown == null ? 0 : shown.column();
        add(rule, catalog.text().file(), line, column, String.join(".", place), message);
    }

    private void add(LintRule rule, String file, int line, int column, String at, String message) {
        if (said.add(rule.id() + " " + at)) {
            findings.add(new Finding(rule.severity(), rule.id(), file, line, column, at, message));
        }
    }

    private LintReport suppressed(List<Finding> problems) {
        List<LintIgnore> ignores = ignores();
        Set<LintIgnore> used = new HashSet<>();
        List<Suppressed> suppressed = new ArrayList<>();
        List<Finding> left = new ArrayList<>(problems);
        for (Finding finding : findings) {
            LintIgnore ignore =
                    ignores.stream().filter(i -> i.matches(finding)).findFirst().orElse(null);
            if (ignore == null) {
                left.add(finding);
            } else {
                used.add(ignore);
                suppressed.add(new Suppressed(finding, ignore.reason()));
            }
        }
        for (LintIgnore ignore : ignores) {
            if (!used.contains(ignore)) {
                left.add(new Finding(
                        LintRule.IGNORE_UNUSED.severity(),
                        LintRule.IGNORE_UNUSED.id(),
                        catalog.text().file(),
                        ignore.line(),
                        ignore.column(),
                        "lint.ignore",
                        "nothing is found by rule '" + ignore.rule() + "' at '" + ignore.at()
                                + "' any more; take the entry out"));
            }
        }
        left.sort(Comparator.comparing(
                        (Finding f) -> !f.file().equals(catalog.text().file()))
                .thenComparing(Finding::file)
                .thenComparingInt(Finding::line)
                .thenComparingInt(Finding::column)
                .thenComparing(Finding::rule));
        return new LintReport(left, suppressed);
    }

    private List<LintIgnore> ignores() {
        YamlNode lint = root == null ? null : root.child("lint");
        return lint == null
                ? Collections.emptyList()
                : LintIgnore.read(YamlForm.of(catalog.text().file(), "lint", lint, new ArrayList<>()));
    }
}
