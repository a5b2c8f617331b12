package dev.cdp.cli.generate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import javax.lang.model.SourceVersion;

/** Makes Java names of names that a catalog has, each its own among those made before. ASCII, and in Java's case. */
final class JavaNames {

    /** What a generated file may mean by its simple name. */
    private static final Set<String> IMPORTED = Set.of(
            "BigDecimal",
            "BigInteger",
            "EventType",
            "Instant",
            "JsonInclude",
            "JsonProperty",
            "List",
            "LocalDate",
            "Map",
            "NullMarked",
            "Nullable",
            "UUID");

    /** Public types of java.lang up to Java 25, listed so that every JDK generates the same; exceptions go by ending. */
    private static final Set<String> JAVA_LANG = Set.of(("Appendable AutoCloseable Boolean Byte CharSequence Character"
                    + " Class ClassLoader ClassValue Cloneable Comparable Compiler Deprecated Double Enum Float"
                    + " FunctionalInterface IO InheritableThreadLocal Integer Iterable Long Math Module ModuleLayer"
                    + " Number Object Override Package Process ProcessBuilder ProcessHandle Readable Record Runnable"
                    + " Runtime RuntimePermission SafeVarargs ScopedValue SecurityManager Short StableValue"
                    + " StackTraceElement StackWalker StrictMath String StringBuffer StringBuilder StringTemplate"
                    + " SuppressWarnings System Thread ThreadDeath ThreadGroup ThreadLocal Throwable Void")
            .split(" ", -1));

    /** Methods that no component of a record may hide. */
    private static final Set<String> NO_COMPONENTS =
            Set.of("clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private final Set<String> taken = new HashSet<>();

    /** Names that go on from those that are taken, and leave them as they are. */
    JavaNames inside() {
        JavaNames inner = new JavaNames();
        inner.taken.addAll(taken);
        return inner;
    }

    /** A type's name; one that Java has already is told apart by {@code suffix}. */
    String type(String name, String suffix) {
        return unique(wanted(name, suffix), "");
    }

    /** The name of a type inside others, told apart by the one that it was found in where it must be. */
    String typeIn(String owner, String name) {
        String wanted = wanted(name, "Type");
        return taken.contains(wanted.toLowerCase(Locale.ROOT)) ? unique(owner + wanted, "") : unique(wanted, "");
    }

    private static String wanted(String name, String suffix) {
        StringBuilder type = new StringBuilder();
        words(name).forEach(word -> type.append(capital(word)));
        String own = startsWithLetter(type) ? type.toString() : "Type" + type;
        while (IMPORTED.contains(own)
                || JAVA_LANG.contains(own)
                || own.endsWith("Exception")
                || own.endsWith("Error")) {
            own += suffix;
        }
        return own;
    }

    /** The name of a record's component. */
    String component(String property) {
        StringBuilder component = new StringBuilder();
        for (String word : words(property)) {
            component.append(component.isEmpty() ? word.substring(0, 1).toLowerCase(Locale.ROOT) : capital(word));
            if (component.length() == 1) {
                component.append(word.substring(1));
            }
        }
        String own = startsWithLetter(component) ? component.toString() : "field" + component;
        boolean reserved = SourceVersion.isKeyword(own, SourceVersion.RELEASE_17) || NO_COMPONENTS.contains(own);
        return unique(reserved ? own + "Value" : own, "");
    }

    /** The name of an enum's constant. */
    String constant(String text) {
        String own = String.join("_", words(text)).toUpperCase(Locale.ROOT);
        String spelt = text.isEmpty() ? "EMPTY" : own.isEmpty() ? "VALUE" : own;
        return unique(startsWithLetter(spelt) ? spelt : "VALUE_" + spelt, "_");
    }

    /** File systems there are that tell no upper case from lower case, so names may not differ by that alone. */
    private String unique(String name, String separator) {
        String own = name;
        for (int i = 2; !taken.add(own.toLowerCase(Locale.ROOT)); i++) {
            own = name + separator + i;
        }
        return own;
    }

    /** The words of a name, at whatever is no letter or digit, and where lower case goes over into upper case. */
    private static List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (String word : name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                boolean shouted = word.equals(word.toUpperCase(Locale.ROOT));
                words.add(shouted ? word.toLowerCase(Locale.ROOT) : word);
            }
        }
        return words;
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static boolean startsWithLetter(CharSequence name) {
        return name.length() > 0 && !Character.isDigit(name.charAt(0));
    }
}
