package dev.cdp.cli.generate;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.schema.JsonKind;
import dev.cdp.core.schema.ValueShape;
import dev.cdp.core.schema.ValueShape.Property;
import org.jspecify.annotations.Nullable;

/** Writes one type in a file of its own, with the types that stand inside it. Of one thread. */
final class JavaSource {

    private static final int WIDTH = 120;

    /** A constructor takes 255 arguments, itself among them; a long or double counts twice. */
    private static final int MAX_ARGUMENTS = 254;

    private static final BigInteger INT_MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger INT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final JavaTypes types;
    private final JavaTypes.Type own;
    private final JavaNames names;
    private final TreeSet<String> imports = new TreeSet<>();
    private final Deque<Inner> inside = new ArrayDeque<>();

    JavaSource(JavaTypes types, JavaTypes.Type own) {
        this.types = types;
        this.own = own;
        this.names = types.namesInside();
    }

    /** The source of an event's record, from its imports on. */
    String event(String event, List<String> paragraphs) {
        imports.add("dev.cdp.core.event.EventType");
        return text(paragraphs, List.of("@EventType(" + JavaText.literal(event) + ")"));
    }

    /** The source of a type that events share, from its imports on. */
    String shared() {
        return text(List.of(prose(own.shape().description(), own.name())), List.of());
    }

    private String text(List<String> paragraphs, List<String> annotations) {
        List<String> body = new ArrayList<>();
        type("", own.name(), own.shape(), paragraphs, annotations, body);
        if (!inside.isEmpty()) {
            body.set(body.size() - 1, body.get(body.size() - 1).replaceFirst("}$", ""));
            while (!inside.isEmpty()) {
                Inner inner = inside.removeFirst();
                body.add("");
                List<String> meaning = List.of(prose(inner.description(), inner.name()));
                type("    ", inner.name(), inner.shape(), meaning, List.of(), body);
            }
            body.add("}");
        }
        List<String> lines = new ArrayList<>();
        imports(lines, true);
        imports(lines, false);
        lines.addAll(body);
        return String.join("\n", lines) + "\n";
    }

    private void imports(List<String> lines, boolean ofJava) {
        int before = lines.size();
        imports.stream()
                .filter(name -> name.startsWith("java.") == ofJava)
                .forEach(name -> lines.add("import " + name + ";"));
        if (lines.size() > before) {
            lines.add("");
        }
    }

    private void type(
            String indent,
            String name,
            ValueShape shape,
            List<String> paragraphs,
            List<String> annotations,
            List<String> lines) {
        if (JavaTypes.isEnum(shape)) {
            lines.addAll(JavaText.javadoc(indent, paragraphs, List.of()));
            constants(indent, name, shape.texts(), lines);
            return;
        }
        List<Component> components = components(name, shape);
        List<String> tags = components.stream().map(Component::tag).toList();
        lines.addAll(JavaText.javadoc(indent, paragraphs, tags));
        annotations.forEach(annotation -> lines.add(indent + annotation));
        String head = indent + "public record " + name + "(";
        List<String> declarations =
                components.stream().map(Component::declaration).toList();
        String single = head + String.join(", ", declarations) + ") {}";
        long annotated =
                declarations.stream().filter(text -> text.startsWith("@")).count();
        if (single.length() <= WIDTH && annotated < 2) {
            lines.add(single);
        } else {
            String inner = "\n" + indent + "        ";
            lines.addAll(List.of((head + inner + String.join("," + inner, declarations) + ") {}").split("\n")));
        }
    }

    private void constants(String indent, String name, List<String> texts, List<String> lines) {
        imports.add("com.fasterxml.jackson.annotation.JsonProperty");
        JavaNames constants = new JavaNames();
        lines.add(indent + "public enum " + name + " {");
        for (int i = 0; i < texts.size(); i++) {
            lines.add(indent + "    @JsonProperty(" + JavaText.literal(texts.get(i)) + ")");
            lines.add(indent + "    " + constants.constant(texts.get(i)) + (i + 1 < texts.size() ? "," : ""));
        }
        lines.add(indent + "}");
    }

    private List<Component> components(String owner, ValueShape shape) {
        JavaNames components = new JavaNames();
        List<Component> found = shape.properties().stream()
                .map(property -> component(owner, property, components.component(property.name())))
                .toList();
        int arguments = found.stream().mapToInt(Component::arguments).sum();
        if (arguments > MAX_ARGUMENTS) {
            throw new UnusableException(shape.place() + ": has " + found.size() + " properties, which is more than a"
                    + " record's constructor takes; put some of them into objects, or write this class by hand");
        }
        return found;
    }

    private Component component(String owner, Property property, String name) {
        StringBuilder declaration = new StringBuilder();
        if (!EventBinding.propertyName(name).equals(property.name())) {
            imports.add("com.fasterxml.jackson.annotation.JsonProperty");
            declaration
                    .append("@JsonProperty(")
                    .append(JavaText.literal(property.name()))
                    .append(") ");
        }
        boolean nullable = property.shape().nullable();
        if (property.required() && nullable) {
            imports.add("com.fasterxml.jackson.annotation.JsonInclude");
            declaration.append("@JsonInclude(JsonInclude.Include.ALWAYS) ");
        }
        String plain = type(owner, property.shape(), property.name(), property.description());
        String type = property.required() && !nullable ? plain : nullable(plain);
        declaration.append(type).append(' ').append(name);
        return new Component(
                declaration.toString(),
                type.equals("long") || type.equals("double") ? 2 : 1,
                "@param " + name + " " + prose(property.description(), property.name()));
    }

    /** The type of a required value; primitive where there is such. */
    private String type(String owner, ValueShape shape, String name, String description) {
        if (JavaTypes.isType(shape)) {
            return reference(owner, shape, name, description);
        }
        if (shape.only(JsonKind.STRING)) {
            return text(shape.format());
        }
        if (shape.only(JsonKind.INTEGER)) {
            return whole(shape);
        }
        if (shape.only(JsonKind.FRACTION)) {
            return shape.decimal() ? imported("java.math.BigDecimal") : "double";
        }
        if (shape.only(JsonKind.BOOLEAN)) {
            return "boolean";
        }
        if (shape.only(JsonKind.ARRAY)) {
            return imported("java.util.List") + "<"
                    + argument(owner, shape.items().orElse(null), name + "_item", description) + ">";
        }
        if (shape.only(JsonKind.OBJECT)) {
            ValueShape values = shape.otherProperties().orElse(null);
            return imported("java.util.Map") + "<String, " + argument(owner, values, name + "_value", description)
                    + ">";
        }
        return "Object";
    }

    private String argument(String owner, @Nullable ValueShape shape, String name, String description) {
        if (shape == null) {
            return nullable("Object");
        }
        String meaning = shape.description().isEmpty() ? description : shape.description();
        String type = type(owner, shape, name, meaning);
        return shape.nullable() ? nullable(type) : boxed(type);
    }

    private static String boxed(String type) {
        return switch (type) {
            case "int" -> "Integer";
            case "long" -> "Long";
            case "double" -> "Double";
            case "boolean" -> "Boolean";
            default -> type;
        };
    }

    /** The annotation stands before the last simple name of a type. */
    private String nullable(String type) {
        imports.add("org.jspecify.annotations.Nullable");
        int arguments = type.indexOf('<');
        int dot = type.lastIndexOf('.', arguments < 0 ? type.length() : arguments);
        return type.substring(0, dot + 1) + "@Nullable " + boxed(type.substring(dot + 1));
    }

    /** By what Jackson writes and reads as that format asks for: a Duration may have fractions, a time has an offset. */
    private String text(String format) {
        return switch (format) {
            case "date-time" -> imported("java.time.Instant");
            case "date" -> imported("java.time.LocalDate");
            case "uuid" -> imported("java.util.UUID");
            default -> "String";
        };
    }

    private String whole(ValueShape shape) {
        BigInteger low = shape.minimum().orElse(LONG_MIN);
        BigInteger high = shape.maximum().orElse(LONG_MAX);
        if (low.compareTo(INT_MIN) >= 0 && high.compareTo(INT_MAX) <= 0) {
            return "int";
        }
        return low.compareTo(LONG_MIN) >= 0 && high.compareTo(LONG_MAX) <= 0
                ? "long"
                : imported("java.math.BigInteger");
    }

    private String imported(String type) {
        imports.add(type);
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private String reference(String owner, ValueShape shape, String name, String description) {
        if (shape.place().equals(own.shape().place())) {
            return own.name();
        }
        String known = types.nameOf(shape);
        if (known == null) {
            String wanted = JavaTypes.isDefinition(shape) ? JavaTypes.lastName(shape) : name;
            String inner = names.typeIn(owner, wanted);
            String meaning = shape.description().isEmpty() ? description : shape.description();
            inside.add(new Inner(inner, shape, meaning));
            known = own.name() + "." + inner;
            types.name(shape, known);
        }
        return known.startsWith(own.name() + ".") ? known.substring(own.name().length() + 1) : known;
    }

    private static String prose(String description, String name) {
        return description.isEmpty() ? "{@code " + JavaText.code(name) + "}" : JavaText.prose(description);
    }

    /** A type that is to stand inside this one. */
    private record Inner(String name, ValueShape shape, String description) {}

    /** One component, how many arguments it counts as, and what its Javadoc says. */
    private record Component(String declaration, int arguments, String tag) {}
}
