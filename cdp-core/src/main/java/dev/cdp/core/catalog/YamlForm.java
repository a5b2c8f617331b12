package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.YamlNode.Mapping;
import dev.cdp.core.catalog.YamlNode.Scalar;
import dev.cdp.core.catalog.YamlNode.Sequence;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of {@code cdp.yaml} that is filled in like a form: each key is asked for once, with what is expected of
 * it; what is wrong becomes a problem at its place, and a key that nobody asked for is unknown.
 */
final class YamlForm {

    private final String file;
    private final String title;
    private final Mapping mapping;
    private final List<Problem> problems;
    private final Map<String, YamlNode> values = new LinkedHashMap<>();
    private final Map<String, Scalar> keys = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    YamlForm(String file, String title, Mapping mapping, List<Problem> problems) {
        this.file = file;
        this.title = title;
        this.mapping = mapping;
        this.problems = problems;
        mapping.entries().forEach((key, value) -> {
            keys.put(key.text(), key);
            values.put(key.text(), value);
        });
    }

    /** A form over a node that should be a mapping; anything else is a problem, and the form is empty. */
    static YamlForm of(String file, String title, @Nullable YamlNode node, List<Problem> problems) {
        if (node instanceof Mapping mapping) {
            return new YamlForm(file, title, mapping, problems);
        }
        int line = node == null ? 0 : node.line();
        int column = node == null ? 0 : node.column();
        if (node != null) {
            problems.add(new Problem(
                    file, line, column, "expected-mapping", title + ": expected a mapping, found " + node.kind()));
        }
        return new YamlForm(file, title, new Mapping(Map.of(), line, column), problems);
    }

    String title() {
        return title;
    }

    /** The value of a key as it stands, or null. */
    @Nullable
    YamlNode node(String key) {
        known.add(key);
        return values.get(key);
    }

    YamlForm form(String key) {
        return of(file, key, node(key), problems);
    }

    /** The entries of a mapping under a key, in order. */
    Map<Scalar, YamlNode> entries(String key) {
        YamlNode node = node(key);
        return node == null ? Map.of() : of(file, key, node, problems).mapping.entries();
    }

    /** The mappings of a list under a key, in order. */
    List<YamlForm> forms(String key) {
        YamlNode node = node(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Sequence sequence)) {
            problem(node, "bad-value", key + ": expected a list, found " + node.kind());
            return List.of();
        }
        return sequence.elements().stream()
                .map(element -> of(file, key, element, problems))
                .toList();
    }

    int line() {
        return mapping.line();
    }

    int column() {
        return mapping.column();
    }

    @Nullable
    String text(String key) {
        return scalar(key, "text", text -> text);
    }

    String required(String key, String example) {
        String text = text(key);
        if (text == null && node(key) == null) {
            problem(
                    mapping,
                    "missing-key",
                    title + ": '" + key + "' is missing; for example '" + key + ": " + example + "'");
        }
        return text == null ? "" : text;
    }

    @Nullable
    Integer positive(String key) {
        return scalar(key, "a whole number from 1", text -> {
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new IllegalArgumentException();
            }
            return Integer.valueOf(text);
        });
    }

    /** The value of a key as {@code read} makes it; an IllegalArgumentException of it is a problem at the value. */
    <T> @Nullable T scalar(String key, String expected, Function<String, T> read) {
        YamlNode node = node(key);
        if (node == null) {
            return null;
        }
        if (node instanceof Scalar scalar) {
            try {
                return read.apply(scalar.text());
            } catch (IllegalArgumentException e) {
                String detail = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
                problem(node, "bad-value", key + ": expected " + expected + ", found " + node.kind() + detail);
                return null;
            }
        }
        problem(node, "bad-value", key + ": expected " + expected + ", found " + node.kind());
        return null;
    }

    /** The texts of a list; null where the key is absent. */
    @Nullable
    List<Scalar> texts(String key) {
        YamlNode node = node(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof Sequence sequence)) {
            problem(node, "bad-value", key + ": expected a list, found " + node.kind());
            return null;
        }
        List<Scalar> texts = new ArrayList<>();
        for (YamlNode element : sequence.elements()) {
            if (element instanceof Scalar scalar) {
                texts.add(scalar);
            } else {
                problem(element, "bad-value", key + ": expected a name, found " + element.kind());
            }
        }
        return texts;
    }

    /** Reports every key that was not asked for. */
    void refuseOthers() {
        for (var entry : keys.entrySet()) {
            if (!known.contains(entry.getKey())) {
                String hint = DidYouMean.hint(entry.getKey(), known);
                problem(
                        entry.getValue(),
                        "unknown-key",
                        title + ": unknown key " + entry.getValue().kind()
                                + (hint.isEmpty()
                                        ? "; known are " + known.stream().collect(Collectors.joining(", "))
                                        : hint));
            }
        }
    }

    /** A problem at a key's value, or at the mapping where the key is absent. */
    void problemAt(String key, String rule, String message) {
        YamlNode node = values.get(key);
        problem(node == null ? mapping : node, rule, message);
    }

    void problem(YamlNode node, String rule, String message) {
        problems.add(new Problem(file, node.line(), node.column(), rule, message));
    }
}
