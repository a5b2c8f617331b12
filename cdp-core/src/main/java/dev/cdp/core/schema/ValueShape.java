package dev.cdp.core.schema;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What values a schema lets pass, as far as a Java type can say it: references followed, {@code allOf} put together, and
 * the branches of a choice left out unless all but one of them are {@code null}. Shapes refer to each other as their
 * schemas do, themselves included. Immutable once read.
 */
public final class ValueShape {

    private final String place;
    private final String description;
    private final Set<JsonKind> kinds;
    private final Map<String, Property> properties = new LinkedHashMap<>();
    private final Set<String> choices = new LinkedHashSet<>();
    private Others others = Others.NOT_DECLARED;
    private @Nullable ValueShape items;
    private @Nullable ValueShape otherProperties;
    private List<String> texts = List.of();
    private String format = "";
    private @Nullable BigInteger minimum;
    private @Nullable BigInteger maximum;
    private boolean decimal;

    ValueShape(String place, String description, Set<JsonKind> kinds) {
        this.place = place;
        this.description = description;
        this.kinds = Collections.unmodifiableSet(kinds);
    }

    /** Where its schema stands, as {@code file#/pointer}: the same for all that refer to one schema. */
    public String place() {
        return place;
    }

    /** What its schema is said to mean, else empty. */
    public String description() {
        return description;
    }

    /** The kinds of values; a number that need not be whole is of two. */
    public Set<JsonKind> kinds() {
        return kinds;
    }

    /** Whether nothing but values of one kind passes, {@code null} and fractions of numbers aside. */
    public boolean only(JsonKind kind) {
        return kinds.contains(kind)
                && kinds.stream()
                        .allMatch(other -> other == kind
                                || other == JsonKind.NULL
                                || (kind == JsonKind.FRACTION && other == JsonKind.INTEGER));
    }

    /** Whether {@code null} passes. */
    public boolean nullable() {
        return kinds.contains(JsonKind.NULL);
    }

    /** An object's declared properties, in the schema's order. */
    public List<Property> properties() {
        return List.copyOf(properties.values());
    }

    /** What an object's other properties hold, where a schema says so. */
    public Optional<ValueShape> otherProperties() {
        return Optional.ofNullable(otherProperties);
    }

    /** What stands in an array, where one schema says so for all. */
    public Optional<ValueShape> items() {
        return Optional.ofNullable(items);
    }

    /** The texts that pass, where they are listed. */
    public List<String> texts() {
        return texts;
    }

    /** A text's {@code format}, else empty. */
    public String format() {
        return format;
    }

    /** The least whole number that passes, where there is a bound. */
    public Optional<BigInteger> minimum() {
        return Optional.ofNullable(minimum);
    }

    /** The greatest whole number that passes, where there is a bound. */
    public Optional<BigInteger> maximum() {
        return Optional.ofNullable(maximum);
    }

    /** Whether a number is meant as a decimal fraction: it is a multiple of one. */
    public boolean decimal() {
        return decimal;
    }

    /** Whether a property of that name may stand in an object, by what the schema says of names. */
    boolean takes(String name) {
        return others == Others.TAKEN || properties.containsKey(name) || choices.contains(name);
    }

    /** Whether it refuses undeclared properties. */
    boolean closed() {
        return others == Others.REFUSED;
    }

    @Nullable
    Property property(String name) {
        return properties.get(name);
    }

    void declare(Property property) {
        properties.merge(property.name(), property, Property::and);
    }

    /** Names of properties that stand in branches. */
    void mention(Set<String> names) {
        choices.addAll(names);
    }

    void others(Others said, @Nullable ValueShape shape) {
        others = others == Others.REFUSED ? others : said;
        otherProperties = otherProperties == null ? shape : otherProperties;
    }

    void items(ValueShape shape) {
        items = items == null ? shape : items;
    }

    void texts(List<String> listed) {
        texts = texts.isEmpty() ? List.copyOf(listed) : texts;
    }

    void format(String name) {
        format = format.isEmpty() ? name : format;
    }

    void atLeast(BigInteger bound) {
        minimum = minimum == null ? bound : minimum.max(bound);
    }

    void atMost(BigInteger bound) {
        maximum = maximum == null ? bound : maximum.min(bound);
    }

    void asDecimal() {
        decimal = true;
    }

    /**
     * A declared property of an object.
     *
     * @param name its name in JSON
     * @param description what it is said to mean, else empty
     * @param required whether every such object has it
     * @param shape what it holds
     */
    public record Property(String name, String description, boolean required, ValueShape shape) {

        private Property and(Property other) {
            boolean narrower = other.shape.kinds.size() < shape.kinds.size();
            return new Property(
                    name,
                    description.isEmpty() ? other.description : description,
                    required || other.required,
                    narrower ? other.shape : shape);
        }
    }

    /** What a schema says of properties that it does not declare. */
    enum Others {
        TAKEN,
        NOT_DECLARED,
        REFUSED
    }
}
