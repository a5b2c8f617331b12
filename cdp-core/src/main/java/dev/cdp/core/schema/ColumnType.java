package dev.cdp.core.schema;

/** What a ClickHouse column holds, as far as cdp derives and writes it. */
public sealed interface ColumnType {

    /** The type as ClickHouse writes it. */
    String sql();

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

    /** {@code DateTime64} in UTC with {@code precision} decimal digits of a second, 0 to 9. */
    record DateTime(int precision) implements ColumnType {
        @Override
        public String sql() {
            return "DateTime64(" + precision + ", 'UTC')";
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
    }
}
