package dev.cdp.testkit;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.InvalidCatalogException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A catalog travels as a jar of its own, or inside of the application's. */
final class CatalogJarTest {

    @TempDir
    private Path temp;

    @Test
    void aCatalogInAJarOfItsOwnIsReadWithTheSchemasBesideIt() throws IOException {
        Path jar = temp.resolve("shop-catalog-1.0.jar");
        write(
                jar,
                Map.of(
                        "shop/cdp.yaml",
                        resource("cdp/cdp.yaml"),
                        "shop/schemas/order_placed.1.json",
                        resource("cdp/schemas/order_placed.1.json"),
                        "shop/schemas/ids.json",
                        resource("cdp/schemas/ids.json")),
                "");

        Catalog catalog = within(jar, () -> Catalog.fromClasspath("shop/cdp.yaml"));

        assertThat(catalog.event("order_placed")).isPresent();
        assertThat(catalog.hash())
                .isEqualTo(Catalog.fromClasspath("cdp/cdp.yaml").hash());
    }

    @Test
    void aSchemaThatTheJarLacksIsNamed() throws IOException {
        Path jar = temp.resolve("shop-catalog-1.1.jar");
        write(jar, Map.of("shop/cdp.yaml", resource("cdp/cdp.yaml")), "");

        assertThatThrownBy(() -> within(jar, () -> Catalog.fromClasspath("shop/cdp.yaml")))
                .isInstanceOf(InvalidCatalogException.class)
                .hasMessageContaining("schemas/order_placed.1.json");
    }

    /** All classes and resources of the application and its libraries in one jar, as shade and assembly build it. */
    @Test
    void anApplicationInOneJarReadsTheCatalogInside() throws Exception {
        Path jar = temp.resolve("application.jar");
        Map<String, byte[]> contents = new LinkedHashMap<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            add(Path.of(entry), contents);
        }
        write(jar, contents, FatJarMain.class.getName());

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString())
                .directory(temp.toFile())
                .redirectError(temp.resolve("err").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said.strip())
                .as(Files.readString(temp.resolve("err")))
                .isEqualTo("shop " + Catalog.fromClasspath("cdp/cdp.yaml").hash() + " true /order_id");
    }

    private interface Loading {
        Catalog load();
    }

    private static Catalog within(Path jar, Loading loading) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL[] urls = {jar.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, null)) {
            thread.setContextClassLoader(loader);
            return loading.load();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void add(Path place, Map<String, byte[]> contents) throws IOException {
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = URI.create(
                                    "/" + place.relativize(file).toString().replace('\\', '/'))
                            .getPath();
                    put(name.substring(1), Files.readAllBytes(file), contents);
                }
            }
        } else if (place.toString().endsWith(".jar")) {
            try (JarFile jar = new JarFile(place.toFile())) {
                for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        put(entry.getName(), in.readAllBytes(), contents);
                    }
                }
            }
        }
    }

    /** The first of a name wins; lists of services are appended. Signatures would no longer hold. */
    private static void put(String name, byte[] content, Map<String, byte[]> contents) throws IOException {
        if (name.startsWith("META-INF/services/") && contents.containsKey(name)) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.write(contents.get(name));
            both.write('\n');
            both.write(content);
            contents.put(name, both.toByteArray());
        } else if (!name.equals(JarFile.MANIFEST_NAME) && !name.matches("META-INF/[^/]*\\.(SF|RSA|DSA)")) {
            contents.putIfAbsent(name, content);
        }
    }

    private static void write(Path jar, Map<String, byte[]> contents, String mainClass) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!mainClass.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.setLevel(1);
            for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = CatalogJarTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
