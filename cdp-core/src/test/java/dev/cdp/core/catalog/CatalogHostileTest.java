package dev.cdp.core.catalog;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cdp.core.validation.EventValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What a catalog must not be able to do to whoever loads it; each ends with problems, in bounded time. */
final class CatalogHostileTest {

    private static final String EVENT = "events: { a: { schema: s.json } }\n";
    private static final int MANY = 10_000_000;

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void openFolder() {
        folder = new CatalogFolder(temp);
    }

    @Test
    void stringsOfTenMegabytesAreRefusedInAFewWords() {
        String big = "x".repeat(MANY);
        folder.file("s.json", "{\"properties\":{\"x\":{\"type\":\"string\"}}}");
        for (String yaml : new String[] {
            big + ": 1\n",
            "events: { " + "a".repeat(100) + big + ": { schema: s.json } }\n",
            "events: { a: { schema: s.json, key: /" + big + " } }\n",
            "events: { a: { schema: s.json, topic: " + big + " } }\n",
            "events: { a: { schema: " + big + " } }\n",
            EVENT + "dimensions: { d: { path: /" + big + " } }\n",
            EVENT + "metrics: { m: { fact: " + big + ", measure: count } }\n",
            EVENT + "metrics: { m: { fact: a, measure: count, where: \"" + big + "\" } }\n",
            EVENT + "metrics: { m: { ratio: { numerator: " + big + ", denominator: m } } }\n",
            EVENT + "lint: { ignore: [ { rule: " + big + ", at: x, reason: y } ] }\n",
            "events: { a: { mode: " + big + ", schema: s.json } }\n",
        }) {
            InvalidCatalogException e = catchThrowableOfType(InvalidCatalogException.class, () -> folder.load(yaml));
            assertThat(e).as(yaml.substring(0, Math.min(60, yaml.length()))).isNotNull();
            assertThat(e.getMessage()).hasSizeLessThan(4_000);
        }
    }

    @Test
    void aSchemaOfTenMegabytesIsRefused() {
        folder.file("s.json", "{\"title\":\"" + "x".repeat(MANY) + "\"}");

        assertThatThrownBy(() -> folder.load(EVENT)).hasMessageContaining("schema-size");
    }

    @Test
    void depthIsRefusedInEveryForm() {
        folder.file("s.json", "{\"not\":".repeat(100_000) + "{}" + "}".repeat(100_000));
        assertRefused(EVENT, "schema-");
        folder.file(
                "s.json",
                "{\"properties\":{\"x\":{\"pattern\":\"" + "(".repeat(100_000) + ")".repeat(100_000) + "\"}}}");
        assertRefused(EVENT, "schema-pattern");
        folder.file("s.json", chain(20_000));
        assertRefused(EVENT, "references and levels deep");
        String backwards = IntStream.iterate(8_000, i -> i - 1)
                .limit(8_000)
                .mapToObj(i -> "{\"$ref\":\"#/$defs/d" + i + "\"}")
                .collect(Collectors.joining(","));
        folder.file(
                "s.json",
                "{\"properties\":{\"p\":{\"$ref\":\"#/$defs/d1\",\"x-pii\":true}},\"allOf\":[" + backwards
                        + "],\"$defs\":{" + definitions(8_000) + "}}");
        assertRefused(EVENT, "references and levels deep");
        assertRefused("events: " + "{a: ".repeat(100_000) + "\n", "yaml");
        assertRefused("events: " + "[".repeat(100_000) + "\n", "yaml");
        assertRefused("events: " + "- ".repeat(100_000) + "\n", "yaml");
    }

    @Test
    void doubledSchemasAreRefused() {
        String doubled = IntStream.range(0, 22)
                .mapToObj(i -> "\"d" + i + "\":{\"allOf\":[{\"$ref\":\"#/$defs/d" + (i + 1)
                        + "\"},{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}]}")
                .collect(Collectors.joining(","));
        folder.file("s.json", "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + doubled + ",\"d22\":{}}}");

        assertRefused(EVENT, "unfolds to more than");
    }

    @Test
    void tenThousandProblemsAreReportedWithoutEnd() {
        String refs = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"p" + i + "\":{\"$ref\":\"#/no/" + i + "\"}")
                .collect(Collectors.joining(","));
        folder.file("s.json", "{\"properties\":{" + refs + "}}");
        InvalidCatalogException schema = catchThrowableOfType(InvalidCatalogException.class, () -> folder.load(EVENT));
        assertThat(schema.problems()).hasSizeLessThanOrEqualTo(100);

        String keys =
                IntStream.range(0, 10_000).mapToObj(i -> "evnt" + i + ": 1\n").collect(Collectors.joining());
        folder.file("s.json", "{}");
        InvalidCatalogException yaml =
                catchThrowableOfType(InvalidCatalogException.class, () -> folder.load(EVENT + keys));
        assertThat(yaml.problems()).hasSize(1_000);
    }

    @Test
    void longPathsInADeepDocumentCostNoMoreThanTheDocument() {
        String name = "n".repeat(5_000);
        String deep = ("{\"properties\":{\"" + name + "\":").repeat(40);
        String leaves =
                IntStream.range(0, 20_000).mapToObj(i -> "\"" + i + "\":{}").collect(Collectors.joining(","));
        folder.file("s.json", deep + "{\"properties\":{" + leaves + ",\"x\":{\"$ref\":\"#/no\"}}}" + "}}".repeat(40));

        assertRefused(EVENT, "names no schema");
    }

    @Test
    void theLinterTakesNoPatternAtItsWord() {
        folder.file(
                "s.json",
                "{\"properties\":{\"x\":{\"type\":\"string\",\"format\":\"date-time\",\"pattern\":"
                        + "\"^([0-9T:.Z+-]*)*(.*.*)*(.*-){30}x$\"}}}");
        Catalog catalog = folder.load(EVENT);

        assertThat(CatalogLinter.check(catalog).findings())
                .extracting(Finding::rule)
                .contains("pattern-explodes", "insert-time");
    }

    @Test
    void noFileNameLeavesTheFolderOrFails() {
        for (String path :
                new String[] {"../x", "/etc/passwd", "a/../../x", "C:\\x", "x\\0y", "a b.json", "%2e%2e/x", "file:///x"
                }) {
            assertThatThrownBy(() -> folder.load("events: { a: { schema: '" + path + "' } }\n"))
                    .as(path)
                    .isInstanceOf(InvalidCatalogException.class);
            folder.file("r.json", "{\"properties\":{\"x\":{\"$ref\":\"" + path.replace("\\", "\\\\") + "\"}}}");
            assertThatThrownBy(() -> folder.load("events: { a: { schema: r.json } }\n"))
                    .as(path)
                    .isInstanceOf(InvalidCatalogException.class);
        }
    }

    @Test
    void objectsThatUnfoldIntoAStormOfColumnsAreRefused() {
        for (String link :
                new String[] {"{\"$ref\":\"#/$defs/d%d\"}", "{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"title\":\"\"}]}"
                }) {
            String levels = IntStream.range(0, 15)
                    .mapToObj(i -> "\"d" + i + "\":{\"type\":\"object\",\"properties\":{"
                            + IntStream.range(0, 10)
                                    .mapToObj(n -> "\"" + n + "\":" + String.format(link, i + 1))
                                    .collect(Collectors.joining(","))
                            + "}}")
                    .collect(Collectors.joining(","));
            folder.file("s.json", "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + levels + ",\"d15\":{}}}");

            assertRefused(EVENT, "schema-size");
        }
    }

    @Test
    void noSchemaOpensASocket() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .configureBlocking(false);
            String url = "http://127.0.0.1:" + server.socket().getLocalPort() + "/x.json";
            for (String schema : new String[] {
                "{\"$ref\":\"URL\"}",
                "{\"$schema\":\"URL\"}",
                "{\"$id\":\"URL\",\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}",
                "{\"properties\":{\"a\":{\"$dynamicRef\":\"URL#meta\"}},\"unevaluatedProperties\":false}",
                "{\"$id\":\"URL\",\"allOf\":[{\"$recursiveRef\":\"#\"}],\"unevaluatedProperties\":false}",
                "{\"$vocabulary\":{\"URL\":true},\"unevaluatedItems\":false}",
                "{\"contentSchema\":{\"$ref\":\"URL\"},\"unevaluatedItems\":false}",
            }) {
                folder.file("s.json", schema.replace("URL", url));
                try {
                    assertThat(EventValidator.of(folder.load(EVENT))
                                    .validate("a", "{\"a\":[1],\"b\":2}".getBytes(StandardCharsets.UTF_8)))
                            .isNotNull();
                } catch (InvalidCatalogException e) {
                    assertThat(e.problems()).isNotEmpty();
                }

                assertThat(server.accept()).as(schema).isNull();
            }
        }
    }

    private void assertRefused(String yaml, String message) {
        InvalidCatalogException e = catchThrowableOfType(InvalidCatalogException.class, () -> folder.load(yaml));
        assertThat(e).isNotNull();
        assertThat(e).hasMessageContaining(message);
    }

    private static String chain(int length) {
        return "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions(length) + "}}";
    }

    /** Each refers to the next, the last to none. */
    private static String definitions(int length) {
        return IntStream.range(0, length)
                .mapToObj(i -> "\"d" + i + "\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}")
                .collect(Collectors.joining(",", "", ",\"d" + length + "\":{}"));
    }
}
