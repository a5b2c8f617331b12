package dev.cdp.core.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class DirectorySchemaRegistryTest extends SchemaRegistryContract {

    private static final String INDEX =
            "{\"schemas\":[{\"id\":7,\"subject\":\"s\",\"version\":1," + "\"schemaType\":\"JSON\",\"file\":\"%s\"}]}";

    @TempDir
    private Path folder;

    @Override
    protected SubjectRegistry registry() {
        return DirectorySchemaRegistry.open(
                folder.resolve("schemas"),
                Registration.ALLOWED,
                (older, newer) -> RequiredFields.breaks(older.text(), newer.text()));
    }

    @Override
    protected SubjectRegistry readOnly() {
        registry();
        return DirectorySchemaRegistry.open(folder.resolve("schemas"));
    }

    @Override
    protected void refuseBreaks(String subject) {}

    @Test
    void anIndexWrittenByHandIsRead() throws IOException {
        Files.writeString(folder.resolve("registry.json"), INDEX.formatted("a.json"));
        Files.writeString(folder.resolve("a.json"), "{}");

        DirectorySchemaRegistry registry = DirectorySchemaRegistry.open(folder);

        assertThat(registry.find(new SchemaKey.Id(7)).orElseThrow().text()).isEqualTo("{}");
        assertThatThrownBy(() -> registry.compatibility("s", SchemaDraft.json("{}")))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("opened without a comparison");
    }

    @Test
    void whatIsNotFoundIsFoundOnceTheIndexHasIt() throws IOException {
        Files.writeString(folder.resolve("registry.json"), "{\"schemas\":[]}");
        DirectorySchemaRegistry registry = DirectorySchemaRegistry.open(folder);
        assertThat(registry.find(new SchemaKey.Id(7))).isEmpty();

        Files.writeString(folder.resolve("a.json"), "{}");
        Files.writeString(folder.resolve("registry.json"), INDEX.formatted("a.json"));

        assertThat(registry.find(new SchemaKey.Id(7))).isPresent();
    }

    @Test
    void whileTheDirectoryCannotBeReadWhatIsKnownGoesOnAndTheRestWaits() throws IOException {
        Files.writeString(folder.resolve("registry.json"), INDEX.formatted("a.json"));
        Files.writeString(folder.resolve("a.json"), "{}");
        DirectorySchemaRegistry registry = DirectorySchemaRegistry.open(folder);

        Files.writeString(folder.resolve("registry.json"), "{\"schemas\":[{");

        assertThat(registry.find(new SchemaKey.Id(7))).isPresent();
        assertThat(registry.find(new SchemaKey.Latest("s"))).isPresent();
        assertThatThrownBy(() -> registry.find(new SchemaKey.Id(8)))
                .isInstanceOfSatisfying(
                        RegistryUnavailableException.class,
                        e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("registry.json");
    }

    @Test
    void noFileOutsideTheDirectoryIsRead() throws IOException {
        Path outside = Files.writeString(folder.resolve("secret.json"), "{}");
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Files.createSymbolicLink(inside.resolve("link.json"), outside);
        for (String file : new String[] {"../secret.json", outside.toString(), "link.json", "", "nothing.json"}) {
            Files.writeString(inside.resolve("registry.json"), INDEX.formatted(file));
            assertThatThrownBy(() -> DirectorySchemaRegistry.open(inside))
                    .as(file)
                    .isInstanceOf(RegistryUnavailableException.class);
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> DirectorySchemaRegistry.open(folder.resolve("nowhere")))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("nowhere");
    }
}
