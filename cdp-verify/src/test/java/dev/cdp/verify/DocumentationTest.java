package dev.cdp.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the documents show and say is what stands in the tree. */
final class DocumentationTest {

    private static final Path ROOT = root();
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\S+) (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(cdp-[a-z]+)</artifactId>");

    @Test
    void shownCodeIsCopiedFromCompiledSources() throws IOException {
        List<String> shown = new ArrayList<>();
        for (Path page : pages()) {
            Matcher snippet = SNIPPET.matcher(Files.readString(page));
            while (snippet.find()) {
                shown.add(snippet.group(2));
                assertThat(snippet.group(3))
                        .as("%s shows %s of %s", page, snippet.group(2), snippet.group(1))
                        .isEqualTo(region(ROOT.resolve(snippet.group(1)), snippet.group(2)));
            }
        }
        assertThat(shown).contains("publish", "consume");
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(page) + " -> " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyModuleIsInTheReadmesMap() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        Matcher module = Pattern.compile("<module>([^<]+)</module>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        List<String> missing = new ArrayList<>();
        while (module.find()) {
            if (!readme.contains("| `" + module.group(1) + "` |")) {
                missing.add(module.group(1));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theBomNamesEveryModuleThatUsersDependOn() throws IOException {
        String bom = Files.readString(ROOT.resolve("cdp-bom/pom.xml"));
        List<String> named =
                ARTIFACT.matcher(bom).results().map(m -> m.group(1)).toList();
        List<String> unpublished = List.of("cdp-bom", "cdp-verify", "cdp-cli");
        try (Stream<Path> folders = Files.list(ROOT)) {
            List<String> published = folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("cdp-") && !unpublished.contains(name))
                    .toList();
            assertThat(named).containsAll(published);
        }
    }

    @Test
    void decisionsHaveNumbersOfTheirOwn() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/decisions"))) {
            List<String> numbers = files.map(
                            file -> file.getFileName().toString().substring(0, 4))
                    .toList();
            assertThat(numbers).isNotEmpty().doesNotHaveDuplicates().allMatch(number -> number.matches("[0-9]{4}"));
        }
    }

    /** The lines between {@code // README: name} and {@code // README: end}, without their common indentation. */
    private static String region(Path source, String name) throws IOException {
        List<String> lines = Files.readAllLines(source);
        int start = indexOf(lines, "// README: " + name, 0) + 1;
        List<String> region = lines.subList(start, indexOf(lines, "// README: end", start));
        return String.join("\n", region).stripIndent() + "\n";
    }

    private static int indexOf(List<String> lines, String marker, int from) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(marker)) {
                return i;
            }
        }
        throw new AssertionError("no line '" + marker + "'");
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> top = Files.list(ROOT)) {
            return Stream.concat(docs, top)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("cdp-bom"))) {
            here = here.getParent();
        }
        return here;
    }
}
