package dev.cdp.cli.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.cdp.cli.command.UnusableException;

/**
 * A folder of files that were generated, each beginning with one mark. A file without it is somebody's own and is never
 * touched; one with it that is generated no more goes.
 */
public final class GeneratedFiles {

    private final Path folder;
    private final Map<String, String> texts;
    private final List<String> missing = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();
    private final List<String> outdated = new ArrayList<>();

    private GeneratedFiles(Path folder, Map<String, String> texts) {
        this.folder = folder;
        this.texts = texts;
    }

    /**
     * Compares what is to be in a folder with what is there.
     *
     * @throws UnusableException if a file of somebody's own is in the way, or the folder cannot be read
     */
    public static GeneratedFiles compare(Path folder, String mark, Map<String, String> texts) {
        GeneratedFiles files = new GeneratedFiles(folder, texts);
        List<String> foreign = new ArrayList<>();
        try {
            for (var wanted : texts.entrySet()) {
                Path file = folder.resolve(wanted.getKey());
                if (!Files.exists(file)) {
                    files.missing.add(wanted.getKey());
                } else if (!marked(file, mark)) {
                    foreign.add(file.toString());
                } else if (!Arrays.equals(Files.readAllBytes(file), bytes(wanted.getValue()))) {
                    files.changed.add(wanted.getKey());
                }
            }
            for (Path file : sources(folder)) {
                String name = String.valueOf(file.getFileName());
                if (!texts.containsKey(name) && marked(file, mark)) {
                    files.outdated.add(name);
                }
            }
        } catch (IOException e) {
            throw new UnusableException(folder + ": cannot be read (" + e + ")", e);
        }
        if (!foreign.isEmpty()) {
            throw new UnusableException("not overwritten, because not generated from this catalog: "
                    + String.join(", ", foreign) + "; expected the first line " + mark
                    + "; generate into a package of its own");
        }
        return files;
    }

    private static List<Path> sources(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean marked(Path file, String mark) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        byte[] line = bytes(mark + "\n");
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(line.length), line);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** What is not there. */
    public List<String> missing() {
        return missing;
    }

    /** What is there and says something else. */
    public List<String> changed() {
        return changed;
    }

    /** What was generated once and is no more. */
    public List<String> outdated() {
        return outdated;
    }

    /** Whether the folder is as it is to be. */
    public boolean upToDate() {
        return missing.isEmpty() && changed.isEmpty() && outdated.isEmpty();
    }

    /** Makes the folder as it is to be; files that are so already are left alone. */
    public void write() {
        try {
            Files.createDirectories(folder);
            Stream.of(missing, changed).flatMap(List::stream).forEach(this::write);
            for (String name : outdated) {
                Files.delete(folder.resolve(name));
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UnusableException(folder + ": cannot be written (" + e + ")", e);
        }
    }

    private void write(String name) {
        try {
            Path written = Files.createTempFile(folder, name, ".tmp");
            Files.write(written, bytes(String.valueOf(texts.get(name))));
            Files.move(written, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
