package dev.cdp.core.schema;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a ClickHouse column holds, as far as cdp derives and writes it. */
public sealed interface ColumnType {

    /** The type as ClickHouse writes it. */
    String sql();

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException for one that cdp does not write
     */
    static ColumnType parse(String sql) {
        return ColumnTypes.parse(sql);
    }

    /** The narrowest type that holds the values of both, if there is one. */
    default Optional<ColumnType> widened(ColumnType other) {
        return Optional.ofNullable(WiderType.of(this, other));
    }

    /** Whether every value of the other type is a value of this one. */
    default boolean holds(ColumnType other) {
        return equals(WiderType.of(this, other));
    }

    /** Whether its values can be compared with a literal: no list, map, tuple or JSON. */
    default boolean comparable() {
        return true;
    }

    /** {@code Int8} to {@code Int64}, {@code UInt8} to {@code UInt64}. */
    record Int(int bits, Sign sign) implements ColumnType {

        /** Whether negative numbers fit. */
        public enum Sign {
            /** {@code Int}. */
            SIGNED,
            /** {@code UInt}. */
            UNSIGNED
        }

        @Override
        public String sql() {
            return (sign == Sign.SIGNED ? "Int" : "UInt") + bits;
        }
    }

    /** {@code Float32} or {@code Float64}. */
    record Real(int bits) implements ColumnType {
        @Override
        public String sql() {
            return "Float" + bits;
        }
    }

    /** {@code Bool}. */
    record Bool() implements ColumnType {
        @Override
        public String sql() {
            return "Bool";
        }
    }

    /** {@code String}. */
    record Text() implements ColumnType {
        @Override
        public String sql() {
            return "String";
        }
    }

    /** {@code String} that holds the JSON of a value for which there is no narrower type. */
    record JsonText() implements ColumnType {
        @Override
        public boolean comparable() {
            return false;
        }

        @Override
        public String sql() {
            return "String";
        }
    }

    /** {@code UUID}. */
    record Uuid() implements ColumnType {
        @Override
        public String sql() {
            return "UUID";
        }
    }

    /** {@code IPv4}. */
    record Ipv4() implements ColumnType {
        @Override
        public String sql() {
            return "IPv4";
        }
    }

    /** {@code IPv6}. */
    record Ipv6() implements ColumnType {
        @Override
        public String sql() {
            return "IPv6";
        }
    }

    /** {@code Date32}: days from 1900-01-01 to 2299-12-31. */
    record Date() implements ColumnType {
        @Override
        public String sql() {
            return "Date32";
        }
    }

    /**
     * {@code DateTime64}.
     *
     * @param precision decimal digits of a second, 0 to 9
     * @param zone how times are shown; it changes nothing of what is stored
     */
    record DateTime(int precision, String zone) implements ColumnType {

        /** Refuses a precision or a zone that there is not. */
        public DateTime {
            if (precision < 0 || precision > 9) {
                throw new IllegalArgumentException(
                        "expected 0 to 9 digits of a second in a DateTime64, found " + precision);
            }
            if (!ZoneId.getAvailableZoneIds().contains(zone) || zone.startsWith("SystemV/")) {
                throw new IllegalArgumentException(
                        "expected a time zone such as 'UTC' or 'Europe/Berlin' in a DateTime64, found another word");
            }
        }

        /** Shown in UTC. */
        public DateTime(int precision) {
            this(precision, "UTC");
        }

        @Override
        public String sql() {
            return "DateTime64(" + precision + ", '" + zone + "')";
        }
    }

    /**
     * {@code Decimal(precision, scale)}: an exact number.
     *
     * @param precision how many digits in all, 1 to 76
     * @param scale how many of them stand behind the point
     */
    record Decimal(int precision, int scale) implements ColumnType {

        /** Refuses what ClickHouse has not. */
        public Decimal {
            if (precision < 1 || precision > 76 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "expected Decimal(P, S) with P from 1 to 76 and S from 0 to P, found Decimal(" + precision
                                + ", " + scale + ")");
            }
        }

        @Override
        public String sql() {
            return "Decimal(" + precision + ", " + scale + ")";
        }
    }

    /** {@code LowCardinality(T)}: a dictionary of few values. */
    record LowCardinality(ColumnType element) implements ColumnType {
        @Override
        public String sql() {
            return "LowCardinality(" + element.sql() + ")";
        }
    }

    /** {@code Nullable(T)}. */
    record Nullable(ColumnType element) implements ColumnType {
        @Override
        public String sql() {
            return "Nullable(" + element.sql() + ")";
        }
    }

    /** {@code Array(T)}. */
    record Array(ColumnType element) implements ColumnType {
        @Override
        public String sql() {
            return "Array(" + element.sql() + ")";
        }

        @Override
        public boolean comparable() {
            return false;
        }
    }

    /** {@code Map(String, T)}: an object whose names are data. */
    record Map(ColumnType value) implements ColumnType {
        @Override
        public String sql() {
            return "Map(String, " + value.sql() + ")";
        }

        @Override
        public boolean comparable() {
            return false;
        }
    }

    /**
     * {@code Tuple}: an object in a list or a map.
     *
     * @param fields its fields, whose pointers begin at the object
     */
    record Tuple(List<Column> fields) implements ColumnType {

        /** Copies the list. */
        public Tuple {
            fields = List.copyOf(fields);
        }

        @Override
        public String sql() {
            return fields.stream()
                    .map(field -> ColumnTypes.quoted(field.name()) + " "
                            + field.type().sql())
                    .collect(Collectors.joining(", ", "Tuple(", ")"));
        }

        @Override
        public boolean comparable() {
            return false;
        }
    }

    /** {@code JSON}: an object whose paths become columns of their own. */
    record Json() implements ColumnType {
        @Override
        public String sql() {
            return "JSON";
        }

        @Override
        public boolean comparable() {
            return false;
        }
    }
}
