package dev.cdp.verify;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Counts the tests that a build has skipped, by reason, from the reports of all modules. */
final class SkippedTests {
    private static final int LONGEST_REASON = 120;

    private SkippedTests() {}

    /** Run by cdp-verify's pom; arguments: the root of the modules and when the build began. */
    public static void main(String[] args) throws Exception {
        summary(Path.of(args[0]), Instant.parse(args[1])).forEach(System.out::println);
    }

    /** Lines to print; none where no test was skipped. Reports of earlier builds do not count. */
    static List<String> summary(Path root, Instant since)
            throws IOException, ParserConfigurationException, SAXException {
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        Map<String, Integer> reasons = new TreeMap<>();
        for (Path report : reports(root)) {
            if (Files.getLastModifiedTime(report).toInstant().isAfter(since)) {
                NodeList skipped = parser.parse(report.toFile()).getElementsByTagName("skipped");
                for (int i = 0; i < skipped.getLength(); i++) {
                    reasons.merge(reason((Element) skipped.item(i)), 1, Integer::sum);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        if (!reasons.isEmpty()) {
            int all = reasons.values().stream().mapToInt(Integer::intValue).sum();
            lines.add("SKIPPED " + all + " tests of all modules:");
            reasons.forEach((reason, count) -> lines.add("  " + count + ": " + reason));
        }
        return lines;
    }

    private static List<Path> reports(Path root) throws IOException {
        List<Path> reports = new ArrayList<>();
        for (Path parent : List.of(root, root.resolve("examples"))) {
            try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, Files::isDirectory)) {
                for (Path module : directories) {
                    Path folder = module.resolve("target/surefire-reports");
                    if (Files.isDirectory(folder)) {
                        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "TEST-*.xml")) {
                            found.forEach(reports::add);
                        }
                    }
                }
            }
        }
        return reports;
    }

    /** Without what to do about it, which the test's own message says. */
    private static String reason(Element skipped) {
        String text =
                skipped.getAttribute("message").isBlank() ? skipped.getTextContent() : skipped.getAttribute("message");
        if (text.contains("no ClickHouse engine")) {
            return "no ClickHouse engine (install npm, or set CDP_CLICKHOUSE_URL)";
        }
        if (text.contains("no corpora")) {
            return "no corpora (set -Dcdp.corpora=DIR)";
        }
        String line = text.strip().lines().findFirst().orElse("no reason given");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }
}
