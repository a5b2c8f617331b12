package dev.cdp.clickhouse;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings that every insert carries, whatever the user's profile says: one block, stored before the answer, and
 * dropped if its token is known. Immutable.
 *
 * @see <a href="https://clickhouse.com/docs/operations/settings/settings">Session settings</a>
 */
final class InsertSettings {

    private static final String ONE_BLOCK = String.valueOf(1 << 30);

    private static final Map<String, String> ALWAYS = Map.ofEntries(
            Map.entry("async_insert", "0"),
            Map.entry("wait_end_of_query", "1"),
            Map.entry("insert_deduplicate", "1"),
            Map.entry("deduplicate_blocks_in_dependent_materialized_views", "1"),
            Map.entry("materialized_views_ignore_errors", "0"),
            Map.entry("max_partitions_per_insert_block", "0"),
            Map.entry("max_insert_block_size", ONE_BLOCK),
            Map.entry("min_insert_block_size_rows", "0"),
            Map.entry("min_insert_block_size_bytes", "0"),
            Map.entry("max_insert_threads", "1"),
            Map.entry("input_format_parallel_parsing", "0"),
            Map.entry("input_format_allow_errors_num", "0"),
            Map.entry("input_format_allow_errors_ratio", "0"),
            Map.entry("input_format_defaults_for_omitted_fields", "1"),
            Map.entry("input_format_null_as_default", "0"),
            Map.entry("input_format_try_infer_dates", "0"), // in a JSON column a text would become a date
            Map.entry("input_format_try_infer_datetimes", "0"),
            Map.entry("input_format_json_try_infer_numbers_from_strings", "0"),
            Map.entry("input_format_skip_unknown_fields", "0"),
            Map.entry("input_format_with_names_use_header", "1"),
            Map.entry("insert_allow_materialized_columns", "0"),
            Map.entry("min_insert_block_size_rows_for_materialized_views", "0"),
            Map.entry("min_insert_block_size_bytes_for_materialized_views", "0"),
            Map.entry("input_format_with_types_use_header", "1"));

    /** Sent to a server that knows them. */
    private static final Map<String, String> WHERE_KNOWN = Map.of(
            "deduplicate_insert",
            "enable",
            "input_format_binary_read_json_as_string",
            "1",
            InsertSettings.CONVERSION,
            "0",
            "max_insert_block_size_bytes",
            "0",
            "input_format_max_block_size_bytes",
            "0",
            "use_strict_insert_block_limits",
            "0",
            "ignore_materialized_views_with_dropped_target_table",
            "0");

    /** Without it a block's column of another type than the table's would be converted, and a value become another one. */
    private static final String CONVERSION = "input_format_native_allow_types_conversion";

    private final Map<String, String> settings;

    private InsertSettings(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(StatementSettings.ALWAYS);
        all.putAll(settings);
        this.settings = Map.copyOf(all);
    }

    /** The settings for this server; it gives up an insert before {@code timeout} is over. */
    static InsertSettings probe(ServerQueries queries, Duration timeout) throws InterruptedException {
        String names = WHERE_KNOWN.keySet().stream().map(SqlText::text).collect(Collectors.joining(", "));
        Set<String> known = new HashSet<>();
        for (var row : queries.select(
                "read the server's settings", "SELECT name FROM system.settings WHERE name IN (" + names + ")")) {
            known.add(row.get(0));
        }
        Map<String, String> settings = new TreeMap<>(ALWAYS);
        WHERE_KNOWN.forEach((name, value) -> {
            if (known.contains(name)) {
                settings.put(name, value);
            }
        });
        settings.put("max_execution_time", String.valueOf(Math.max(1, timeout.toSeconds() - 1)));
        return new InsertSettings(settings);
    }

    /** What every server knows, without a limit of time. */
    static InsertSettings basic() {
        return new InsertSettings(ALWAYS);
    }

    /** Those of an insert into a table of replicas: it has ended when most of them have it, as many as outlive the others. */
    InsertSettings forReplicas() {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("insert_quorum", "auto");
        String seconds = settings.get("max_execution_time");
        if (seconds != null) {
            all.put("insert_quorum_timeout", seconds + "000");
        }
        return new InsertSettings(all);
    }

    /** Whether the server refuses a block whose columns are not of the table's types. */
    boolean strictBlocks() {
        return settings.containsKey(CONVERSION);
    }

    /** Those of an insert that may come again. */
    Map<String, String> withToken(String token) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("insert_deduplication_token", token);
        return all;
    }

    /** Those of a dry run. */
    Map<String, String> withoutToken() {
        return settings;
    }
}
