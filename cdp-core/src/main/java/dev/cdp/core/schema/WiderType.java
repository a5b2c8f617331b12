package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The narrowest type that holds the values of two. */
final class WiderType {

    private WiderType() {}

    /** The type that holds the values of both, or null if there is none. */
    static @Nullable ColumnType of(ColumnType a, ColumnType b) {
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof ColumnType.LowCardinality low) {
            ColumnType element = of(low.element(), bare(b));
            return element == null ? null : new ColumnType.LowCardinality(element);
        }
        if (b instanceof ColumnType.LowCardinality low) {
            return of(a, low.element());
        }
        if (a instanceof ColumnType.Nullable || b instanceof ColumnType.Nullable) {
            ColumnType element = of(required(a), required(b));
            return element == null ? null : optional(element);
        }
        if (a instanceof ColumnType.Array left && b instanceof ColumnType.Array right) {
            ColumnType element = of(left.element(), right.element());
            return element == null ? null : new ColumnType.Array(element);
        }
        if (a instanceof ColumnType.Map left && b instanceof ColumnType.Map right) {
            ColumnType value = of(left.value(), right.value());
            return value == null ? null : new ColumnType.Map(value);
        }
        if (a instanceof ColumnType.Tuple left && b instanceof ColumnType.Tuple right) {
            return tuple(left, right);
        }
        if (a instanceof ColumnType.Decimal left && b instanceof ColumnType.Decimal right) {
            return decimal(left, right);
        }
        return a instanceof ColumnType.Int left && b instanceof ColumnType.Int right ? integer(left, right) : null;
    }

    /** The type of a field that may be absent; a list and a map are empty then. */
    static ColumnType optional(ColumnType type) {
        if (type instanceof ColumnType.Array || type instanceof ColumnType.Map || type instanceof ColumnType.Nullable) {
            return type;
        }
        if (type instanceof ColumnType.LowCardinality low) {
            return new ColumnType.LowCardinality(optional(low.element()));
        }
        return new ColumnType.Nullable(type);
    }

    /** The fields of both, of which those that one lacks may be absent. */
    private static @Nullable ColumnType tuple(ColumnType.Tuple a, ColumnType.Tuple b) {
        Map<String, Column> left = byName(a);
        Map<String, Column> right = byName(b);
        List<Column> fields = new ArrayList<>();
        for (Column field : a.fields()) {
            Column other = right.get(field.name());
            ColumnType type = other == null ? optional(field.type()) : of(field.type(), other.type());
            if (type == null || (other != null && !other.pointer().equals(field.pointer()))) {
                return null;
            }
            fields.add(new Column(field.name(), field.pointer(), type, field.description()));
        }
        for (Column field : b.fields()) {
            if (!left.containsKey(field.name())) {
                fields.add(new Column(field.name(), field.pointer(), optional(field.type()), field.description()));
            }
        }
        return new ColumnType.Tuple(fields);
    }

    private static Map<String, Column> byName(ColumnType.Tuple tuple) {
        Map<String, Column> fields = new LinkedHashMap<>();
        tuple.fields().forEach(field -> fields.put(field.name(), field));
        return fields;
    }

    private static @Nullable ColumnType decimal(ColumnType.Decimal a, ColumnType.Decimal b) {
        int scale = Math.max(a.scale(), b.scale());
        int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
        return whole + scale > 76 ? null : new ColumnType.Decimal(whole + scale, scale);
    }

    private static @Nullable ColumnType integer(ColumnType.Int a, ColumnType.Int b) {
        if (a.sign() == b.sign()) {
            return a.bits() >= b.bits() ? a : b;
        }
        int unsigned = a.sign() == ColumnType.Int.Sign.UNSIGNED ? a.bits() : b.bits();
        int signed = a.sign() == ColumnType.Int.Sign.SIGNED ? a.bits() : b.bits();
        int bits = Math.max(signed, unsigned * 2);
        return bits > 64 ? null : new ColumnType.Int(bits, ColumnType.Int.Sign.SIGNED);
    }

    private static ColumnType bare(ColumnType type) {
        return type instanceof ColumnType.LowCardinality low ? low.element() : type;
    }

    private static ColumnType required(ColumnType type) {
        return type instanceof ColumnType.Nullable nullable ? nullable.element() : type;
    }
}
