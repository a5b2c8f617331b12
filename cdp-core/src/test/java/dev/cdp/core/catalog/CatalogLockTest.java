package dev.cdp.core.catalog;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CatalogLockTest {

    private static final String YAML = """
            events:
              post_viewed:
                version: 2
                schema: post.2.json
                versions: { 1: post.1.json }
              ad_shown: { schema: ad.json }
            """;

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void lockACatalog() throws IOException {
        folder = new CatalogFolder(temp)
                .file("common.json", """
                        {"$defs": {"id": {"type": "string", "maxLength": 9}, "country": {"type": "string"}}}
                        """)
                .file("post.1.json", "{\"properties\": {\"id\": {\"$ref\": \"common.json#/$defs/id\"}}}")
                .file("post.2.json", """
                        {"required": ["id", "n"], "properties": {"id": {"$ref": "common.json#/$defs/id"}, "n": {"type": "integer"}}}
                        """)
                .file("ad.json", "{\"properties\": {\"country\": {\"$ref\": \"common.json#/$defs/country\"}}}");
        Files.writeString(
                temp.resolve("cdp.lock"), CatalogLock.of(folder.load(YAML)).text());
    }

    @Test
    void aLockIsReadAsItIsWritten() {
        CatalogLock lock = CatalogLock.read(temp.resolve("cdp.yaml")).orElseThrow();

        assertThat(lock).isEqualTo(CatalogLock.of(folder.load(YAML)));
        assertThat(lock.events()).containsOnlyKeys("ad_shown", "post_viewed");
        assertThat(lock.events().get("post_viewed")).containsOnlyKeys(1, 2);
        assertThat(lock.text()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.replaceAll("[0-9a-f]{64}", "…")))
                .containsExactly(
                        "lock: 1", "events:", "  ad_shown:", "    1: …", "  post_viewed:", "    1: …", "    2: …");
    }

    @Test
    void aCatalogWithoutALockLoads() throws IOException {
        Files.delete(temp.resolve("cdp.lock"));

        assertThat(CatalogLock.read(temp.resolve("cdp.yaml"))).isEmpty();
        assertThatCode(() -> folder.load(YAML)).doesNotThrowAnyException();
    }

    @Test
    void aLockedVersionDoesNotChange() {
        folder.file("post.2.json", "{\"required\": [\"id\"], \"properties\": {\"id\": {\"type\": \"string\"}}}");

        assertThatThrownBy(() -> folder.load(YAML))
                .isInstanceOf(InvalidCatalogException.class)
                .hasMessageContaining("cdp.lock:9:5: event 'post_viewed', version 2: it is locked as ")
                .hasMessageContaining("post.2.json now says something else")
                .hasMessageContaining(
                        "raise 'version:' to 3 for the change, and keep the old schema under 'versions: { 2: … }'")
                .hasMessageEndingWith("[locked-changed]");
    }

    @Test
    void aChangeOfASharedPartIsAChangeOfEachEventThatUsesIt() {
        folder.file("common.json", """
                {"$defs": {"id": {"type": "string", "maxLength": 8}, "country": {"type": "string"}}}
                """);

        assertThatThrownBy(() -> folder.load(YAML))
                .hasMessageContaining("'post_viewed', version 1")
                .hasMessageContaining("'post_viewed', version 2")
                .hasMessageNotContaining("ad_shown");
    }

    @Test
    void whatSaysTheSameMayBeWrittenInAnotherWay() {
        folder.file("common.json", """
                        {"$id": "https://x.example/parts",
                         "$defs": {"country": {"title": "A country", "type": "string", "description": "two letters"},
                                   "new": {"type": "integer"},
                                   "id": {"maxLength": 9.0, "type": "string"}}}
                        """)
                .file("post.2.json", """
                        {"properties": {"n": {"type": "integer"}, "id": {"$ref": "parts.json#/$defs/own"}},
                         "required": ["n", "id"]}
                        """)
                .file("parts.json", "{\"$defs\": {\"own\": {\"type\": \"string\", \"maxLength\": 9}}}");

        assertThatCode(() -> folder.load(YAML)).doesNotThrowAnyException();
    }

    @Test
    void tagsAndColumnTypesCount() {
        folder.file(
                "ad.json",
                "{\"properties\": {\"country\": {\"$ref\": \"common.json#/$defs/country\", \"x-pii\": true}}}");

        assertThatThrownBy(() -> folder.load(YAML)).hasMessageContaining("'ad_shown', version 1");
    }

    @Test
    void aNewVersionAndANewEventNeedNoLockYet() {
        assertThatCode(() -> folder.file("post.3.json", "{}").load("""
                        events:
                          post_viewed:
                            version: 3
                            schema: post.3.json
                            versions: { 1: post.1.json, 2: post.2.json }
                          ad_shown: { schema: ad.json }
                          ad_clicked: { schema: ad.json }
                        """)).doesNotThrowAnyException();
    }

    @Test
    void aLockedVersionAndALockedEventStay() {
        assertThatThrownBy(() -> folder.load("""
                        events:
                          post_viewed: { version: 2, schema: post.2.json }
                          ad_showm: { schema: ad.json }
                        """))
                .hasMessageContaining(
                        "cdp.lock:6:5: event 'ad_shown', version 1: it is locked, and the catalog has no such"
                                + " event; did you mean 'ad_showm'?")
                .hasMessageContaining(
                        "cdp.lock:8:5: event 'post_viewed', version 1: it is locked, and the catalog has no"
                                + " such version; keep its schema under 'versions: { 1: … }'");
    }

    @Test
    void aBrokenLockSaysWhereItIs() {
        folder.file("cdp.lock", "lock: 2\nevents:\n  post_viewed:\n    one: 12\n");

        assertThatThrownBy(() -> folder.load(YAML))
                .hasMessageContaining("cdp.lock:1:7: lock: expected format version 1, found '2'")
                .hasMessageContaining("cdp.lock:4:10: one: expected a SHA-256 in 64 hex digits, found '12'")
                .hasMessageContaining("cdp.lock:4:5: expected a version number, found 'one'");
    }

    @Test
    void theLockTravelsOnTheClassPath() throws IOException {
        folder.file("post.2.json", "{}");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {temp.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);

            assertThatThrownBy(() -> Catalog.fromClasspath("cdp.yaml")).hasMessageContaining("[locked-changed]");
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
