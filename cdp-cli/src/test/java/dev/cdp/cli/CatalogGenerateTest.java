package dev.cdp.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.generate.shop.Country;
import dev.cdp.cli.generate.shop.OrderPlaced;
import dev.cdp.cli.generate.shop.Person;
import dev.cdp.cli.generate.shop.ProcessEvent;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.example.social.SocialEvent;
import dev.cdp.example.social.SocialEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records from a catalog. Those of {@code generate/shop} stand among the test sources, so that the build's own lint
 * compiles them; those of the social network are compiled here.
 */
final class CatalogGenerateTest {

    private static final Path SOCIAL =
            Path.of("..", "examples", "social", "src", "main", "resources", "cdp", "cdp.yaml");
    private static final Path SHOP = Path.of("src", "test", "resources", "generate", "shop", "cdp.yaml");
    private static final Path TEST_SOURCES = Path.of("src", "test", "java");
    private static final String SHOP_PACKAGE = "dev.cdp.cli.generate.shop";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theRecordsOfACatalogAreThoseThatStandInTheSources() {
        assertThat(generate(SHOP, SHOP_PACKAGE, TEST_SOURCES, "--check"))
                .as("%s", out)
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("heartbeat: no record, because its schema declares no property")
                .contains("5 files, up to date");
    }

    @Test
    void theRecordsOfACatalogBindToItsSchemas() {
        Catalog catalog = Catalog.load(SHOP);
        Person ann = new Person("ann", Country.NL, new Person("bob", null, null, null), null);
        OrderPlaced.Line bolt = new OrderPlaced.Line("bolt", 7, null, OrderPlaced.Kind.THING);
        OrderPlaced order = new OrderPlaced(
                "o-1",
                List.of(new OrderPlaced.Line("kit", 1, List.of(bolt), null)),
                ann,
                null,
                new OrderPlaced.Payment(OrderPlaced.PaymentKind.CARD, Instant.EPOCH),
                Instant.EPOCH);
        ProcessEvent process = new ProcessEvent(
                ProcessEvent.ClassType.VALUE_1ST,
                true,
                4_294_967_295L,
                null,
                "text",
                UUID.randomUUID(),
                "a",
                "b",
                "c",
                "https://shop.example/",
                "d",
                new java.math.BigInteger("18446744073709551615"),
                new java.math.BigDecimal("0.07"),
                LocalDate.EPOCH,
                "10:00:00Z",
                List.of(1),
                9,
                "x",
                new ProcessEvent.StringType(true),
                Arrays.asList(1.5, null),
                Map.of("a", 1),
                Map.of("a", 1),
                Map.of("a", new ProcessEvent.PlacesValue("7")));

        roundTrip(catalog, order);
        roundTrip(catalog, process);
    }

    @Test
    void theRecordsOfTheSocialNetworkCompileAndCarryItsEvents() throws Exception {
        Path sources = temp.resolve("sources");
        assertThat(generate(SOCIAL, "com.example.events", sources)).isEqualTo(ExitCode.OK);
        Path classes = Files.createDirectories(temp.resolve("classes"));
        compile(sources, classes);
        Catalog catalog = Catalog.load(SOCIAL);
        EventValidator validator = EventValidator.of(catalog);
        List<SocialEvent> events = Stream.generate(SocialEvents.of(7, Instant.parse("2026-03-01T12:00:00Z"))::next)
                .limit(2_000)
                .toList();

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            for (EventDefinition event : catalog.events()) {
                Class<?> type = loader.loadClass("com.example.events." + camel(event.name()));
                assertThat(EventBinding.eventType(type)).isEqualTo(event.name());
                assertThat(event.schema().mismatches(EventBinding.of(type)))
                        .as(event.name())
                        .isEmpty();
                List<SocialEvent> own = events.stream()
                        .filter(e -> EventBinding.eventType(e.getClass()).equals(event.name()))
                        .toList();
                for (SocialEvent each : own) {
                    byte[] json = bytes(each);
                    byte[] again = throughClass(EventBinding.of(type), json);
                    assertThat(JSON.readTree(again)).isEqualTo(JSON.readTree(json));
                    assertThat(validator.validate(event.name(), again).violations())
                            .isEmpty();
                }
            }
        }
    }

    /** Names, values and descriptions are anybody's text, and end in comments and literals. */
    @Test
    void hostileTextsStayTexts() throws IOException {
        Path catalog = temp.resolve("cdp.yaml");
        Files.writeString(temp.resolve("s.json"), """
                {"type": "object", "description": "*/ \\\\u002a/ class Evil {} <b> @deprecated {@code",
                 "required": ["line\\nbreak", "mood"],
                 "properties": {
                   "line\\nbreak": {"type": "string", "description": "a\\r\\n*/ b"},
                   "mood": {"enum": ["a\\nb", "\\r", "\\"; int x = 0; //", "\\\\", "\\u0000", "é\\ud83d\\ude00"]}}}
                """);
        Files.writeString(
                catalog,
                "cdp: 1\ncatalog: hostile\nsource: //hostile.example\nevents: { posted: { schema: s.json, table: none } }\n");
        Path sources = temp.resolve("sources");

        assertThat(generate(catalog, "com.example.events", sources))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);

        compile(sources, Files.createDirectories(temp.resolve("classes")));
    }

    @Test
    void theSameCatalogAlwaysGivesTheSameFiles() throws IOException {
        generate(SOCIAL, "a.b", temp.resolve("one"));
        generate(SOCIAL, "a.b", temp.resolve("two"));

        for (Path file : files(temp.resolve("one"))) {
            assertThat(temp.resolve("two").resolve(temp.resolve("one").relativize(file)))
                    .hasSameTextualContentAs(file);
        }
        assertThat(files(temp.resolve("one"))).hasSizeGreaterThan(26);
    }

    @Test
    void checkSaysWhatIsNotUpToDateAndTheNextRunMakesItSo() throws IOException {
        generate(SHOP, "a.b", temp);
        Path folder = temp.resolve("a").resolve("b");
        Path order = folder.resolve("OrderPlaced.java");
        Files.writeString(order, Files.readString(order).replace("String orderId", "int orderId"));
        String mark = Files.readAllLines(order).get(0);
        Files.writeString(folder.resolve("OrderCancelled.java"), mark + "\npackage a.b;\n");
        Files.writeString(folder.resolve("Mine.java"), "package a.b;\n\nfinal class Mine {}\n");
        Files.delete(folder.resolve("Country.java"));

        assertThat(generate(SHOP, "a.b", temp, "--check")).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("missing: " + folder.resolve("Country.java"))
                .contains("changed: " + order)
                .contains("outdated: " + folder.resolve("OrderCancelled.java"))
                .contains("run the same command without --check")
                .doesNotContain("Mine");
        assertThat(order).content().contains("int orderId");

        assertThat(generate(SHOP, "a.b", temp)).isEqualTo(ExitCode.OK);
        assertThat(generate(SHOP, "a.b", temp, "--check")).isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("OrderCancelled.java")).doesNotExist();
        assertThat(folder.resolve("Mine.java")).exists();
    }

    @Test
    void aFileOfSomebodysOwnIsNeverOverwrittenAndThenNothingIs() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("a").resolve("b"));
        Path mine = Files.writeString(folder.resolve("Person.java"), "package a.b;\n\nclass Person {}\n");

        assertThat(generate(SHOP, "a.b", temp)).isEqualTo(ExitCode.UNUSABLE);

        assertThat(err.toString()).contains("not overwritten").contains(mine.toString());
        assertThat(mine).hasContent("package a.b;\n\nclass Person {}\n");
        assertThat(files(temp)).containsExactly(mine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.class", "a..b", "a.b;import java.io", "../x", "1a", "größe"})
    void aPackageThatJavaDoesNotTakeIsRefused(String packageName) throws IOException {
        assertThat(generate(SHOP, packageName, temp)).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--package: expected the name of a Java package");
        assertThat(files(temp)).isEmpty();
    }

    @Test
    void whatNoRecordHoldsIsSaid() throws IOException {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 130; i++) {
            properties.append("f").append(i).append(": { type: number }, ");
        }
        Path catalog = Files.writeString(
                temp.resolve("cdp.yaml"),
                "cdp: 1\ncatalog: t\nsource: //t\nevents:\n  wide:\n    schema: { type: object, required: ["
                        + String.join(", ", numbered(130)) + "], properties: { " + properties + "} }\n");

        assertThat(generate(catalog, "a.b", temp)).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("has 130 properties, which is more than a record's constructor takes");
        assertThat(run("catalog", "generate", catalog.toString(), "--lang", "cobol", "--package", "a", "--out", "x"))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--lang: expected java, found 'cobol'");
    }

    private static List<String> numbered(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("f" + i);
        }
        return names;
    }

    private static <T> void roundTrip(Catalog catalog, T event) {
        @SuppressWarnings("unchecked")
        EventBinding<T> binding = EventBinding.of((Class<T>) event.getClass());
        EventDefinition definition =
                catalog.event(EventBinding.eventType(event.getClass())).orElseThrow();
        byte[] json = binding.write(event);

        assertThat(definition.schema().mismatches(binding)).isEmpty();
        assertThat(EventValidator.of(catalog).validate(definition.name(), json).violations())
                .as(new String(json, StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(binding.read(json)).isEqualTo(event);
    }

    private static <T> byte[] throughClass(EventBinding<T> binding, byte[] json) {
        return binding.write(binding.read(json));
    }

    @SuppressWarnings("unchecked")
    private static byte[] bytes(SocialEvent event) {
        return ((EventBinding<SocialEvent>) EventBinding.of(event.getClass())).write(event);
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("_", -1)) {
            camel.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return camel.toString();
    }

    private static void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "-Xlint:all,-processing",
                "-Xdoclint:all,-missing",
                "-Werror",
                "-proc:none",
                "--release",
                "17",
                "-encoding",
                "UTF-8",
                "-cp",
                System.getProperty("java.class.path", "")
                        .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator),
                "-d",
                classes.toString());
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files(sources)))
                    .call();
            assertThat(compiled).as("%s", said).isTrue();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private int generate(Path catalog, String packageName, Path folder, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "catalog", "generate", "--catalog", catalog.toString(), "--lang", "java", "--package", packageName));
        args.addAll(List.of("--out", folder.toString()));
        args.addAll(List.of(more));
        return run(args.toArray(new String[0]));
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
