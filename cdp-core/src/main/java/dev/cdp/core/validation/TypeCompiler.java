package dev.cdp.core.validation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cdp.core.schema.Dialect;
import dev.cdp.core.validation.SchemaCompiler.MalformedKeyword;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compiles what one schema says about values of each type, {@code type}, {@code enum} and {@code const} included, into
 * one check. Used by one thread, for one schema.
 */
final class TypeCompiler {

    private final SchemaCompiler schemas;
    private final JsonNode schema;

    /** The values that {@code enum} and {@code const} leave, a list for each of them. */
    private final List<List<JsonNode>> enumerations = new ArrayList<>();

    TypeCompiler(SchemaCompiler schemas, JsonNode schema) {
        this.schemas = schemas;
        this.schema = schema;
    }

    /** {@code fields} are those whose places an object's check keeps. */
    Check compile(@Nullable FieldTree fields) {
        readEnumerations();
        JsonNode type = schema.get("type");
        Set<String> names = type == null ? Set.of() : names(type);
        int types = type == null ? ValueTypes.ALL : ValueTypes.parse(type).orElseThrow(MalformedKeyword::new);
        Check[] parts = new Check[ValueTypes.COUNT];
        Arrays.fill(parts, Check.Never.INSTANCE);
        if ((types & ValueTypes.STRING) != 0) {
            parts[0] = compileString();
        }
        if ((types & ValueTypes.NUMBER) != 0) {
            boolean integer = type != null && !names.contains("number");
            parts[1] = compileNumber(integer ? NumberCheck.Kind.INTEGER : NumberCheck.Kind.NUMBER);
        }
        if ((types & ValueTypes.LITERAL) != 0) {
            parts[2] =
                    compileLiteral(type == null || names.contains("boolean"), type == null || names.contains("null"));
        }
        if ((types & ValueTypes.OBJECT) != 0) {
            parts[3] = enumerations.isEmpty()
                    ? new ObjectCompiler(schemas, schema).compile(fields)
                    : compileEnumeratedContainer(ValueTypes.OBJECT);
        }
        if ((types & ValueTypes.ARRAY) != 0) {
            parts[4] = enumerations.isEmpty() ? compileArray() : compileEnumeratedContainer(ValueTypes.ARRAY);
        }
        boolean any = parts[0] == StringCheck.ANY
                && parts[1] == NumberCheck.ANY
                && parts[2] == AnyCheck.LITERAL
                && parts[3] == AnyCheck.OBJECT
                && parts[4] == AnyCheck.ARRAY;
        return any ? AnyCheck.INSTANCE : ValueTypes.switchCheck(parts);
    }

    private static Set<String> names(JsonNode type) {
        Set<String> names = new HashSet<>();
        if (type.isArray()) {
            type.forEach(name -> names.add(name.asString("")));
        } else {
            names.add(type.asString(""));
        }
        return names;
    }

    private void readEnumerations() {
        JsonNode values = schema.get("enum");
        if (values != null) {
            if (!values.isArray()) {
                throw new MalformedKeyword();
            }
            List<JsonNode> list = new ArrayList<>();
            values.forEach(list::add);
            enumerations.add(list);
        }
        JsonNode value = schema.get("const");
        if (value != null) {
            enumerations.add(List.of(value));
        }
    }

    private Check compileString() {
        int min = count("minLength", 0);
        int max = count("maxLength", Integer.MAX_VALUE);
        List<TextCheck> contents = new ArrayList<>();
        for (List<JsonNode> values : enumerations) {
            List<String> texts = values.stream()
                    .filter(JsonNode::isString)
                    .map(JsonNode::asString)
                    .distinct()
                    .toList();
            if (texts.isEmpty()) {
                return Check.Never.INSTANCE;
            }
            contents.add(new TextCheck.OneOf(new Names(texts)));
        }
        JsonNode format = schema.get("format");
        if (format != null) {
            contents.add(string(format).flatMap(FormatCheck::of).orElseGet(schemas::unknownText));
        }
        JsonNode pattern = schema.get("pattern");
        if (pattern != null) {
            contents.add(pattern(string(pattern).orElseThrow(MalformedKeyword::new)));
        }
        boolean any = min == 0 && max == Integer.MAX_VALUE && contents.isEmpty();
        return any ? StringCheck.ANY : new StringCheck(min, max, contents);
    }

    private TextCheck pattern(String regex) {
        return BytePattern.compile(regex).orElseGet(schemas::unknownText);
    }

    private Check compileNumber(NumberCheck.Kind kind) {
        Optional<NumberRange> range = NumberRange.of(
                decimal("minimum"), decimal("exclusiveMinimum"), decimal("maximum"), decimal("exclusiveMaximum"));
        BigDecimal multipleOf = decimal("multipleOf");
        Optional<Divisor> divisor = multipleOf == null ? Optional.of(Divisor.NONE) : Divisor.of(multipleOf);
        long[] among = null;
        for (List<JsonNode> values : enumerations) {
            List<JsonNode> numbers = values.stream().filter(JsonNode::isNumber).toList();
            if (numbers.isEmpty()) {
                return Check.Never.INSTANCE;
            }
            if (!numbers.stream().allMatch(TypeCompiler::isPlainInteger)) {
                return schemas.unknown();
            }
            long[] these =
                    numbers.stream().mapToLong(JsonNode::longValue).sorted().toArray();
            among = among == null ? these : intersection(among, these);
        }
        if (range.isEmpty() || divisor.isEmpty()) {
            return schemas.unknown();
        }
        boolean any = kind == NumberCheck.Kind.NUMBER
                && range.get() == NumberRange.ALL
                && divisor.get() == Divisor.NONE
                && among == null;
        return any ? NumberCheck.ANY : new NumberCheck(kind, range.get(), divisor.get(), among);
    }

    /** Integers that come unchanged through whatever type of number the oracle reads them into. */
    private static boolean isPlainInteger(JsonNode number) {
        return number.isIntegralNumber()
                && number.canConvertToLong()
                && Math.abs(number.longValue()) < 1_000_000_000_000_000L;
    }

    private static long[] intersection(long[] a, long[] b) {
        return Arrays.stream(a).filter(x -> Arrays.binarySearch(b, x) >= 0).toArray();
    }

    private Check compileLiteral(boolean booleans, boolean nulls) {
        boolean yes = booleans;
        boolean no = booleans;
        boolean nil = nulls;
        for (List<JsonNode> values : enumerations) {
            yes &= values.stream().anyMatch(v -> v.isBoolean() && v.booleanValue());
            no &= values.stream().anyMatch(v -> v.isBoolean() && !v.booleanValue());
            nil &= values.stream().anyMatch(JsonNode::isNull);
        }
        if (yes && no && nil) {
            return AnyCheck.LITERAL;
        }
        return yes || no || nil ? new LiteralCheck(yes, no, nil) : Check.Never.INSTANCE;
    }

    /** Equality of objects and arrays is left to the oracle. */
    private Check compileEnumeratedContainer(int type) {
        boolean possible = enumerations.stream()
                .allMatch(values ->
                        values.stream().anyMatch(v -> type == ValueTypes.OBJECT ? v.isObject() : v.isArray()));
        return possible ? schemas.unknown() : Check.Never.INSTANCE;
    }

    private Check compileArray() {
        List<Check> prefix = new ArrayList<>();
        Check rest = AnyCheck.INSTANCE;
        JsonNode items = schema.get("items");
        if (schemas.dialect() == Dialect.DRAFT_7 && items != null && items.isArray()) {
            items.forEach(item -> prefix.add(schemas.compile(item)));
            JsonNode additional = schema.get("additionalItems");
            rest = additional == null ? rest : schemas.compile(additional);
        } else if (items != null) {
            rest = schemas.compile(items);
        }
        JsonNode prefixItems = schema.get("prefixItems");
        if (prefixItems != null) {
            if (!prefixItems.isArray()) {
                throw new MalformedKeyword();
            }
            prefixItems.forEach(item -> prefix.add(schemas.compile(item)));
        }
        ArrayCheck.Contains contains = null;
        JsonNode contained = schema.get("contains");
        int minContains = count("minContains", 1);
        int maxContains = count("maxContains", Integer.MAX_VALUE);
        if (contained != null) {
            contains = new ArrayCheck.Contains(schemas.compile(contained), minContains, maxContains);
        }
        int min = count("minItems", 0);
        int max = count("maxItems", Integer.MAX_VALUE);
        boolean unique = flag("uniqueItems");
        boolean any = prefix.isEmpty()
                && rest == AnyCheck.INSTANCE
                && contains == null
                && min == 0
                && max == Integer.MAX_VALUE
                && !unique;
        return any
                ? AnyCheck.ARRAY
                : new ArrayCheck(
                        prefix, rest, min, max, contains, unique ? ArrayCheck.Items.UNIQUE : ArrayCheck.Items.ANY);
    }

    private boolean flag(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value != null && !value.isBoolean()) {
            throw new MalformedKeyword();
        }
        return value != null && value.booleanValue();
    }

    private int count(String keyword, int absent) {
        return count(schema, keyword, absent);
    }

    /** The count that a keyword says, or {@code absent}. */
    static int count(JsonNode schema, String keyword, int absent) {
        JsonNode value = schema.get(keyword);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw new MalformedKeyword();
        }
        return value.intValue();
    }

    private @Nullable BigDecimal decimal(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || (value.isDouble() && !Double.isFinite(value.doubleValue()))) {
            throw new MalformedKeyword();
        }
        return value.decimalValue();
    }

    private static Optional<String> string(JsonNode value) {
        return value.isString() ? Optional.of(value.asString()) : Optional.empty();
    }
}
