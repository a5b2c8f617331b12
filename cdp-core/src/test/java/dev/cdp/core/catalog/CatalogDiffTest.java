package dev.cdp.core.catalog;

import java.nio.file.Path;
import java.util.List;

import dev.cdp.core.catalog.EventDiff.Kind;
import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class CatalogDiffTest {

    private static final String OLD = """
            {"type": "object", "required": ["id"], "properties": {
              "id": {"type": "string"}, "n": {"type": "integer", "minimum": 0, "maximum": 200},
              "kind": {"enum": ["photo"]}}}
            """;

    @TempDir
    private Path temp;

    @Test
    void aCatalogDoesNotDifferFromItself() {
        CatalogDiff diff =
                diff(OLD, "a: { schema: a.json }", OLD, "a: { schema: a.json, owner: feed, description: D }");

        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.breaking()).isFalse();
    }

    @Test
    void anEventThatIsGoneBreaksAndOneThatIsNewAsksForAnOrder() {
        CatalogDiff diff = diff(OLD, "post_viewed: { schema: a.json }", OLD, "post_vieved: { schema: a.json }");

        assertThat(diff.events())
                .extracting(EventDiff::event, EventDiff::kind)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("post_vieved", Kind.ADDED),
                        org.assertj.core.groups.Tuple.tuple("post_viewed", Kind.REMOVED));
        assertThat(messages(diff, Weight.BREAKING))
                .containsExactly("records of 'post_viewed' that are still on the topic go to dlq.cdp.post_viewed as"
                        + " UNKNOWN_EVENT; did you mean 'post_vieved'?");
        assertThat(messages(diff, Weight.CARE))
                .anyMatch(message -> message.contains("deploy them before what publishes it"));
    }

    @Test
    void aNewVersionThatReadsTheOldOneBreaksNothing() {
        String newer = OLD.replace("\"photo\"", "\"photo\", \"video\"")
                .replace("\"n\"", "\"at\": {\"type\": \"string\"}, \"n\"");
        CatalogDiff diff =
                diff(OLD, "a: { schema: a.json }", newer, "a: { version: 2, schema: b.json, versions: { 1: a.json } }");

        assertThat(diff.breaking()).isFalse();
        EventDiff event = diff.events().get(0);
        assertThat(event.versions()).hasSize(1);
        assertThat(event.versions().get(0).report().differences())
                .extracting(SchemaDifference::field, SchemaDifference::keyword)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/kind", "enum"));
        assertThat(event.columns())
                .extracting(ColumnChange::name, ColumnChange::kind)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("at", ColumnChange.Kind.ADDED));
        assertThat(messages(diff, Weight.SAFE))
                .containsExactly("column at Nullable(String) is added; rows of before have NULL");
    }

    @Test
    void aStrictPolicyDoubtsWhatStoodInFieldsThatNobodyDeclared() {
        String newer = OLD.replace("\"n\"", "\"at\": {\"type\": \"string\"}, \"n\"");
        Catalog before = load("old", OLD, "a: { schema: a.json }");
        Catalog after = load("new", newer, "a: { version: 2, schema: b.json, versions: { 1: a.json } }");

        assertThat(CatalogDiff.between(before, after, Policy.LENIENT).breaking())
                .isFalse();
        assertThat(CatalogDiff.between(before, after, Policy.STRICT).breaking()).isTrue();
    }

    @Test
    void aVersionThatIsGoneOrChangedInPlaceBreaks() {
        String newer = OLD.replace("\"maximum\": 200", "\"maximum\": 100");

        assertThat(messages(
                        diff(OLD, "a: { schema: a.json }", OLD, "a: { version: 2, schema: a.json }"), Weight.BREAKING))
                .anyMatch(message -> message.startsWith(
                        "version 1 of 'a' is gone: records that carry it go to dlq.cdp.a as" + " UNKNOWN_VERSION"));
        assertThat(messages(diff(OLD, "a: { schema: a.json }", newer, "a: { schema: b.json }"), Weight.BREAKING))
                .containsExactly(
                        "version 1 of 'a' was changed and keeps its number: records on the topic may be invalid now"
                                + " and go to dlq.cdp.a, for /n; raise 'version:' instead");
    }

    @Test
    void aColumnThatGetsWiderStopsLoadersWithTheOldCatalog() {
        String wider = OLD.replace("\"maximum\": 200", "\"maximum\": 70000");
        CatalogDiff diff =
                diff(OLD, "a: { schema: a.json }", wider, "a: { version: 2, schema: b.json, versions: { 1: a.json } }");

        assertThat(diff.events().get(0).columns())
                .extracting(ColumnChange::typeBefore, ColumnChange::typeAfter)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        java.util.Optional.of("Nullable(UInt8)"), java.util.Optional.of("Nullable(UInt32)")));
        assertThat(messages(diff, Weight.CARE))
                .contains("column n changes from Nullable(UInt8) to Nullable(UInt32): every stored value fits, and 'ddl"
                        + " apply' or a loader's migrate() changes it; loaders with the old catalog stop until they have"
                        + " the new one");
        assertThat(messages(diff, Weight.BREAKING)).isEmpty();
    }

    @Test
    void aColumnThatMayNotHoldWhatIsStoredStopsTheLoader() {
        String wider = OLD.replace("\"maximum\": 200", "\"maximum\": 70000");

        assertThat(messages(diff(wider, "a: { schema: b.json }", OLD, "a: { schema: a.json }"), Weight.BREAKING))
                .anyMatch(message ->
                        message.startsWith("column n changes from Nullable(UInt32) to Nullable(UInt8): stored"
                                + " values may not fit, and a loader does not start before 'ddl apply --allow'"));
    }

    @Test
    void aRequiredColumnCannotBeAddedInPlace() {
        String newer =
                OLD.replace("[\"id\"]", "[\"id\", \"at\"]").replace("\"n\"", "\"at\": {\"type\": \"string\"}, \"n\"");

        assertThat(messages(diff(OLD, "a: { schema: a.json }", newer, "a: { schema: b.json }"), Weight.BREAKING))
                .anyMatch(message -> message.startsWith("column at String is added and may not be NULL"));
    }

    @Test
    void whatAnEventIsRoutedByMatters() {
        CatalogDiff diff = diff(
                OLD,
                "a: { schema: a.json, key: /id, topic: t, mode: warn, table: { order-by: [id] } }",
                OLD,
                "a: { schema: a.json, topic: u, table: { name: b } }");

        assertThat(messages(diff, Weight.BREAKING))
                .anyMatch(message -> message.startsWith("topic changed, t → u: consumers of t get no more of it"))
                .anyMatch(message -> message.startsWith("key changed, /id → nothing"))
                .anyMatch(message -> message.startsWith("mode changed, WARN → ENFORCE"))
                .anyMatch(message -> message.startsWith("rows go to cdp.b from now on"));
        assertThat(diff.topics()).containsExactly("u", "t");
    }

    @Test
    void dimensionsAndMetricsThatLookAtAChangedFieldAreNamed() {
        String newer = OLD.replace("\"photo\"", "\"photo\", \"video\"");
        String aggregates = """
                dimensions:
                  kind: { path: /kind, description: D }
                metrics:
                  views: { fact: a, measure: count, by: [kind] }
                  big:   { fact: a, measure: sum, of: /n, where: "n > 10" }
                  part:  { ratio: { numerator: big, denominator: views } }
                """;
        CatalogDiff diff = CatalogDiff.between(
                load("old", OLD, "a: { schema: a.json }\n" + aggregates),
                load("new", newer, "a: { version: 2, schema: b.json, versions: { 1: a.json } }\n" + aggregates));

        EventDiff event = diff.events().get(0);
        assertThat(event.dimensions()).containsExactly("kind");
        assertThat(event.metrics()).containsExactly("views", "part");
        assertThat(diff.aggregates()).isEmpty();
    }

    @Test
    void aMetricThatIsGoneBreaksAndOneThatIsDefinedAnewDoesNotCompare() {
        CatalogDiff diff = CatalogDiff.between(load("old", OLD, """
                        a: { schema: a.json }
                        metrics:
                          views: { fact: a, measure: count }
                          big:   { fact: a, measure: sum, of: /n, where: "n > 10" }
                        """), load("new", OLD, """
                        a: { schema: a.json }
                        metrics:
                          big: { fact: a, measure: sum, of: /n, where: "n > 20" }
                        """));

        assertThat(diff.aggregates())
                .extracting(Impact::weight, Impact::name, Impact::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Weight.BREAKING, "views", "it is gone; whoever asks for it fails"),
                        org.assertj.core.groups.Tuple.tuple(
                                Weight.CARE,
                                "big",
                                "it is defined in another way, sum of /n over a where n > 10 → sum of /n over a where n > 20:"
                                        + " numbers of before and after do not compare"));
    }

    private CatalogDiff diff(String oldSchema, String oldEvents, String newSchema, String newEvents) {
        return CatalogDiff.between(load("old", oldSchema, oldEvents), load("new", newSchema, newEvents));
    }

    /** {@code a.json} is the old schema in either folder, {@code b.json} the new one. */
    private Catalog load(String folder, String schema, String rest) {
        String[] parts = rest.split("\n", 2);
        return new CatalogFolder(temp.resolve(folder))
                .file("a.json", OLD)
                .file("b.json", schema)
                .load("events:\n  " + parts[0] + "\n" + (parts.length > 1 ? parts[1] : ""));
    }

    private static List<String> messages(CatalogDiff diff, Weight weight) {
        return diff.impacts()
                .filter(impact -> impact.weight() == weight)
                .map(Impact::message)
                .toList();
    }
}
