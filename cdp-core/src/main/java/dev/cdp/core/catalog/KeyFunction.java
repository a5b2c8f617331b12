package dev.cdp.core.catalog;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The functions that a {@code partition-by} may call: each is pure, and none throws for a value that its column holds.
 *
 * @see <a href="https://clickhouse.com/docs/sql-reference/functions/date-time-functions">Dates and times</a>
 */
public enum KeyFunction {
    /** The year and month of a time, as a number. */
    TO_YYYYMM("toYYYYMM", Form.OF_TIME, Kind.WHOLE),
    /** The year, month and day of a time, as a number. */
    TO_YYYYMMDD("toYYYYMMDD", Form.OF_TIME, Kind.WHOLE),
    /** The year of a time. */
    TO_YEAR("toYear", Form.OF_TIME, Kind.WHOLE),
    /** The quarter of a time, 1 to 4. */
    TO_QUARTER("toQuarter", Form.OF_TIME, Kind.WHOLE),
    /** The month of a time, 1 to 12. */
    TO_MONTH("toMonth", Form.OF_TIME, Kind.WHOLE),
    /** The year of a time's ISO week. */
    TO_ISO_YEAR("toISOYear", Form.OF_TIME, Kind.WHOLE),
    /** The day of a time. */
    TO_DATE("toDate", Form.OF_TIME, Kind.DAY),
    /** The day of a time, from 1900 on. */
    TO_DATE_32("toDate32", Form.OF_TIME, Kind.DAY),
    /** The first day of a time's year. */
    TO_START_OF_YEAR("toStartOfYear", Form.OF_TIME, Kind.DAY),
    /** The first day of a time's quarter. */
    TO_START_OF_QUARTER("toStartOfQuarter", Form.OF_TIME, Kind.DAY),
    /** The first day of a time's month. */
    TO_START_OF_MONTH("toStartOfMonth", Form.OF_TIME, Kind.DAY),
    /** The Sunday on or before a time. */
    TO_START_OF_WEEK("toStartOfWeek", Form.OF_TIME_ALONE, Kind.DAY),
    /** The Monday on or before a time. */
    TO_MONDAY("toMonday", Form.OF_TIME, Kind.DAY),
    /** The begin of a time's day. */
    TO_START_OF_DAY("toStartOfDay", Form.OF_TIME, Kind.INSTANT),
    /** The begin of a time's hour. */
    TO_START_OF_HOUR("toStartOfHour", Form.OF_INSTANT, Kind.INSTANT),
    /** A whole number divided by another one, rounded down. */
    INT_DIV("intDiv", Form.OF_WHOLE, Kind.WHOLE),
    /** What is left of that. */
    MODULO("modulo", Form.OF_WHOLE, Kind.WHOLE),
    /** A hash. */
    CITY_HASH_64("cityHash64", Form.OF_ANY, Kind.WHOLE),
    /** A hash. */
    SIP_HASH_64("sipHash64", Form.OF_ANY, Kind.WHOLE),
    /** A hash. */
    XX_HASH_64("xxHash64", Form.OF_ANY, Kind.WHOLE);

    private final String sql;
    private final Form form;
    private final Kind result;

    KeyFunction(String sql, Form form, Kind result) {
        this.sql = sql;
        this.form = form;
        this.result = result;
    }

    /** Its name in ClickHouse. */
    public String sql() {
        return sql;
    }

    Form form() {
        return form;
    }

    Kind result() {
        return result;
    }

    static Optional<KeyFunction> of(String sql) {
        return Arrays.stream(values())
                .filter(function -> function.sql.equals(sql))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(KeyFunction::sql).collect(Collectors.joining(", "));
    }

    /** What a part of a key is, as far as functions tell values apart. */
    enum Kind {
        INSTANT("a time"),
        DAY("a date"),
        WHOLE("a whole number"),
        OTHER("a value");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What arguments a function has. */
    enum Form {
        /** A time or date; a time may have a zone beside it. */
        OF_TIME,
        /** A time or date and no zone. */
        OF_TIME_ALONE,
        /** A time, and perhaps a zone. */
        OF_INSTANT,
        /** A whole number, and one of at least 1 that stands in the catalog. */
        OF_WHOLE,
        /** One or more values of any kind. */
        OF_ANY
    }
}
