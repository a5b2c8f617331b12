package dev.cdp.clickhouse;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each of ClickHouse's error codes means for a batch. A code that is not here is an outage: the batch is written
 * again until it passes, and nothing is lost by a code that we did not know.
 *
 * @see <a href="https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp">ErrorCodes.cpp</a>, whose
 *     numbers were checked with {@code errorCodeToName} on 26.7
 */
final class ServerErrors {

    private static final Map<Integer, Entry> BY_CODE = new HashMap<>();

    static {
        // A value of the rows, or an expression over them: a default, a constraint, the partition key.
        data(6, "CANNOT_PARSE_TEXT");
        data(26, "CANNOT_PARSE_QUOTED_STRING");
        data(27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED");
        data(38, "CANNOT_PARSE_DATE");
        data(41, "CANNOT_PARSE_DATETIME");
        data(43, "ILLEGAL_TYPE_OF_ARGUMENT");
        data(53, "TYPE_MISMATCH");
        data(69, "ARGUMENT_OUT_OF_BOUND");
        data(70, "CANNOT_CONVERT_TYPE");
        data(72, "CANNOT_PARSE_NUMBER");
        data(117, "INCORRECT_DATA");
        data(128, "TOO_LARGE_ARRAY_SIZE");
        data(130, "CANNOT_READ_ARRAY_FROM_TEXT");
        data(131, "TOO_LARGE_STRING_SIZE");
        data(153, "ILLEGAL_DIVISION");
        data(190, "SIZES_OF_ARRAYS_DONT_MATCH");
        data(321, "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE");
        data(349, "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN");
        data(376, "CANNOT_PARSE_UUID");
        data(395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO");
        data(407, "DECIMAL_OVERFLOW");
        data(441, "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING");
        data(467, "CANNOT_PARSE_BOOL");
        data(469, "VIOLATED_CONSTRAINT");
        data(675, "CANNOT_PARSE_IPV4");
        data(676, "CANNOT_PARSE_IPV6");
        data(691, "UNKNOWN_ELEMENT_OF_ENUM");
        // Who we are, what we may do, and what is there.
        setup(16, "NO_SUCH_COLUMN_IN_TABLE", "bring the table up to the catalog with migrate()");
        setup(36, "BAD_ARGUMENTS", "read the server's log for the argument that it refuses");
        setup(44, "ILLEGAL_COLUMN", "read the server's log for the column that it refuses");
        setup(47, "UNKNOWN_IDENTIFIER", "bring the table up to the catalog with migrate()");
        setup(48, "NOT_IMPLEMENTED", "use a ClickHouse that knows what was asked, 24.8 or newer");
        setup(50, "UNKNOWN_TYPE", "use a ClickHouse that knows every column's type");
        setup(60, "UNKNOWN_TABLE", "create the table with migrate()");
        setup(62, "SYNTAX_ERROR", "use a ClickHouse of 24.8 or newer, or check the catalog's expressions");
        setup(81, "UNKNOWN_DATABASE", "create the database with migrate()");
        setup(115, "UNKNOWN_SETTING", "use a ClickHouse of 24.8 or newer");
        setup(164, "READONLY", "give the user a profile that is not read-only");
        setup(195, "IP_ADDRESS_NOT_ALLOWED", "allow the user to log in from this host");
        setup(344, "SUPPORT_IS_DISABLED", "enable it on the server");
        setup(446, "FUNCTION_NOT_ALLOWED", "give the user a profile that may do it");
        setup(452, "SETTING_CONSTRAINT_VIOLATION", "let the user's profile change the settings of an insert");
        setup(497, "ACCESS_DENIED", "grant the user what the statement needs");
        // A password that was changed here or there first: the next request asks for it again.
        login(192, "UNKNOWN_USER");
        login(193, "WRONG_PASSWORD");
        login(194, "REQUIRED_PASSWORD");
        login(516, "AUTHENTICATION_FAILED");
        // Known to pass by themselves; named only to be told apart in a message.
        outage(33, "CANNOT_READ_ALL_DATA");
        outage(202, "TOO_MANY_SIMULTANEOUS_QUERIES");
        outage(209, "SOCKET_TIMEOUT");
        outage(210, "NETWORK_ERROR");
        outage(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING");
        outage(236, "ABORTED");
        outage(242, "TABLE_IS_READ_ONLY");
        outage(243, "NOT_ENOUGH_SPACE");
        outage(252, "TOO_MANY_PARTS");
        outage(285, "TOO_FEW_LIVE_REPLICAS");
        outage(319, "UNKNOWN_STATUS_OF_INSERT");
        outage(394, "QUERY_WAS_CANCELLED");
        outage(745, "SERVER_OVERLOADED");
        outage(774, "TABLE_IS_PERMANENTLY_READ_ONLY");
        outage(999, "KEEPER_EXCEPTION");
        // The same, and a smaller batch may pass sooner: the memory or the time of one insert.
        tooLarge(159, "TIMEOUT_EXCEEDED");
        tooLarge(173, "CANNOT_ALLOCATE_MEMORY");
        tooLarge(241, "MEMORY_LIMIT_EXCEEDED");
    }

    private ServerErrors() {}

    /** Every code that is told apart, with its name. */
    static Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>();
        BY_CODE.forEach((code, entry) -> names.put(code, entry.name()));
        return names;
    }

    static Kind kind(int code) {
        Entry entry = BY_CODE.get(code);
        return entry == null ? Kind.OUTAGE : entry.kind();
    }

    /** {@code 60 UNKNOWN_TABLE}, or the number alone. */
    static String describe(int code) {
        Entry entry = BY_CODE.get(code);
        return entry == null ? String.valueOf(code) : code + " " + entry.name();
    }

    /** What a person can do about an error that one has to do something about. */
    static String advice(int code) {
        Entry entry = BY_CODE.get(code);
        return entry == null || entry.advice().isEmpty() ? "read the server's log" : entry.advice();
    }

    /** Its name, and what a person can do about it where there is something. */
    static String describeWithAdvice(int code) {
        Entry entry = BY_CODE.get(code);
        return describe(code) + (entry == null || entry.advice().isEmpty() ? "" : "; " + entry.advice());
    }

    private static void data(int code, String name) {
        BY_CODE.put(code, new Entry(name, Kind.DATA, ""));
    }

    private static void setup(int code, String name, String advice) {
        BY_CODE.put(code, new Entry(name, Kind.SETUP, advice));
    }

    private static void outage(int code, String name) {
        BY_CODE.put(code, new Entry(name, Kind.OUTAGE, ""));
    }

    private static void login(int code, String name) {
        BY_CODE.put(code, new Entry(name, Kind.OUTAGE, "check credentials(user, passwordSupplier)"));
    }

    private static void tooLarge(int code, String name) {
        BY_CODE.put(code, new Entry(name, Kind.TOO_LARGE, ""));
    }

    /** What can be done about an error. */
    enum Kind {
        /** Write the same again until it passes. */
        OUTAGE,
        /** Write the same again until it passes, and smaller batches from then on. */
        TOO_LARGE,
        /** A person has to change something. */
        SETUP,
        /** Some of the rows may be guilty. */
        DATA
    }

    private record Entry(String name, Kind kind, String advice) {}
}
