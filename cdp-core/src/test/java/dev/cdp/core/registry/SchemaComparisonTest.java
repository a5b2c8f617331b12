package dev.cdp.core.registry;

import java.nio.file.Path;
import java.util.List;

import dev.cdp.core.schema.SchemaCompatibility;
import dev.cdp.core.schema.SchemaCompatibility.Mode;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A registry judges versions as the catalog does. */
final class SchemaComparisonTest {

    private static final SchemaComparison BACKWARD =
            SchemaComparison.of(SchemaCompatibility.of(Mode.BACKWARD, Policy.LENIENT));
    private static final SchemaDraft OLD = SchemaDraft.json("{\"properties\":{\"a\":{\"type\":\"integer\"}}}");

    @TempDir
    private Path temp;

    @Test
    void whatTheCatalogWouldRefuseTheRegistryRefuses() {
        DirectorySchemaRegistry registry =
                DirectorySchemaRegistry.open(temp.resolve("registry"), Registration.ALLOWED, BACKWARD);
        registry.register("e", OLD);

        SchemaDraft wider = SchemaDraft.json("{\"properties\":{\"a\":{\"type\":\"number\"}}}");
        SchemaDraft narrower = SchemaDraft.json("{\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\"}}}");
        assertThat(registry.compatibility("e", narrower).reasons())
                .containsExactly(
                        "/a: 'a' is required by the new schema and optional in the old one [BACKWARD, /required]");
        assertThatThrownBy(() -> registry.register("e", narrower)).isInstanceOf(RegistryRefusedException.class);
        assertThat(registry.register("e", wider).subjects()).isNotEmpty();
    }

    @Test
    void whatCannotBeComparedIsABreak() {
        assertThat(BACKWARD.breaks(OLD, SchemaDraft.json("{\"$ref\":\"other.json\"}")))
                .singleElement()
                .asString()
                .contains("'other.json' is not compared; only one document is");
        assertThat(BACKWARD.breaks(OLD, SchemaDraft.json("{\"type\":\"text\"}")))
                .singleElement()
                .asString()
                .contains("schema-keyword");
    }

    @Test
    void avroIsComparedAsItIsReadInACatalog() {
        String record = "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"n\",\"type\":\"%s\"}]}";
        List<String> breaks =
                BACKWARD.breaks(SchemaDraft.avro(record.formatted("long")), SchemaDraft.avro(record.formatted("int")));

        assertThat(breaks).isNotEmpty().allSatisfy(line -> assertThat(line).startsWith("/n: "));
        assertThat(BACKWARD.breaks(
                        SchemaDraft.avro(record.formatted("int")), SchemaDraft.avro(record.formatted("long"))))
                .isEmpty();
    }
}
