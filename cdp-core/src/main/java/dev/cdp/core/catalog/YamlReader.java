package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.cdp.core.catalog.YamlNode.Mapping;
import dev.cdp.core.catalog.YamlNode.Scalar;
import dev.cdp.core.catalog.YamlNode.Sequence;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML 1.2 document as a tree that knows its places. Anchors, aliases, tags and duplicate keys are problems:
 * they are how a small file becomes a large one, or says two things at once.
 */
final class YamlReader {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_CODE_POINTS = 32 << 20;

    /** The scanner looks at a long key again and again, so that its work grows with the square of a line. */
    private static final int MAX_LINE = 1_000_000;

    private final String file;
    private final Consumer<Problem> problems;
    private final Iterator<Event> events;

    private YamlReader(String file, Iterator<Event> events, Consumer<Problem> problems) {
        this.file = file;
        this.events = events;
        this.problems = problems;
    }

    /** The document's root, or null after a problem that leaves nothing to go on with. */
    static @Nullable YamlNode read(String file, String text, Consumer<Problem> problems) {
        int longLine = longLine(text);
        if (longLine > 0) {
            problems.accept(new Problem(
                    file,
                    longLine,
                    1,
                    "yaml",
                    "expected lines of at most " + MAX_LINE + " characters, found a longer one"));
            return null;
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MAX_CODE_POINTS)
                .build();
        try {
            YamlReader reader =
                    new YamlReader(file, new Parse(settings).parseString(text).iterator(), problems);
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            problems.accept(new Problem(
                    file,
                    mark.map(m -> m.getLine() + 1).orElse(0),
                    mark.map(m -> m.getColumn() + 1).orElse(0),
                    "yaml",
                    "not YAML: " + e.getProblem()));
            return null;
        } catch (YamlEngineException e) {
            problems.accept(new Problem(file, 0, 0, "yaml", "not YAML: " + e.getMessage()));
            return null;
        }
    }

    /** The first line that is longer than a line may be, or 0. */
    private static int longLine(String text) {
        int from = 0;
        for (int line = 1; from < text.length(); line++) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end;
            if (next - from > MAX_LINE) {
                return line;
            }
            from = next + 1;
        }
        return 0;
    }

    private @Nullable YamlNode document() {
        YamlNode root = null;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent) {
                if (root != null) {
                    problem(event, "yaml", "expected one document, found a second one");
                    return root;
                }
                root = node(event, 0);
            }
        }
        if (root == null) {
            problems.accept(new Problem(file, 1, 1, "yaml", "the file is empty; a catalog begins with 'cdp: 1'"));
        }
        return root;
    }

    private YamlNode node(Event event, int depth) {
        int line = line(event);
        int column = column(event);
        if (depth > MAX_DEPTH) {
            throw new YamlEngineException("nested deeper than " + MAX_DEPTH + " at line " + line);
        }
        if (event instanceof AliasEvent) {
            problem(event, "yaml-alias", "aliases (*name) are not allowed; write the value out");
            return new Scalar("", true, line, column);
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            problem(event, "yaml-anchor", "anchors (&name) are not allowed; write the value out where it is needed");
        }
        if (event instanceof ScalarEvent scalar) {
            scalar.getTag().ifPresent(tag -> problem(event, "yaml-tag", "tags (" + tag + ") are not allowed"));
            return new Scalar(scalar.getValue(), scalar.isPlain(), line, column);
        }
        if (event instanceof SequenceStartEvent start) {
            start.getTag().ifPresent(tag -> problem(event, "yaml-tag", "tags (" + tag + ") are not allowed"));
            return sequence(line, column, depth);
        }
        if (event instanceof MappingStartEvent start) {
            start.getTag().ifPresent(tag -> problem(event, "yaml-tag", "tags (" + tag + ") are not allowed"));
            return mapping(line, column, depth);
        }
        throw new YamlEngineException("unexpected " + event.getEventId() + " at line " + line);
    }

    private Sequence sequence(int line, int column, int depth) {
        List<YamlNode> elements = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            elements.add(node(event, depth + 1));
        }
        return new Sequence(elements, line, column);
    }

    private Mapping mapping(int line, int column, int depth) {
        Map<Scalar, YamlNode> entries = new LinkedHashMap<>();
        Map<String, Scalar> seen = new HashMap<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            YamlNode key = node(event, depth + 1);
            YamlNode value = node(events.next(), depth + 1);
            if (!(key instanceof Scalar name)) {
                problem(event, "yaml-key", "a key must be a name, found " + key.kind());
                continue;
            }
            Scalar first = seen.putIfAbsent(name.text(), name);
            if (first != null) {
                problem(event, "yaml-duplicate", "'" + name.text() + "' stands already in line " + first.line());
                continue;
            }
            entries.put(name, value);
        }
        return new Mapping(entries, line, column);
    }

    private void problem(Event event, String rule, String message) {
        problems.accept(new Problem(file, line(event), column(event), rule, message));
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static int column(Event event) {
        return event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
    }
}
