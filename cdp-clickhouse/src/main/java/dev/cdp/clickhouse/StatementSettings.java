package dev.cdp.clickhouse;

import java.util.Map;

/**
 * The settings that every statement carries: those by which a user's profile would change what is stored, or what an answer
 * means. Each has the server's default here, so a profile that may change nothing takes them unless it differs.
 *
 * @see <a href="https://clickhouse.com/docs/operations/settings/settings">Session settings</a>
 */
final class StatementSettings {

    private static final String THROW = "throw";

    static final Map<String, String> ALWAYS = Map.ofEntries(
            Map.entry("additional_result_filter", ""),
            Map.entry("additional_table_filters", "{}"),
            Map.entry("aggregate_functions_null_for_empty", "0"),
            Map.entry("apply_deleted_mask", "1"),
            Map.entry("async_insert", "0"),
            Map.entry("cast_keep_nullable", "0"),
            Map.entry("count_distinct_implementation", "uniqExact"),
            Map.entry("data_type_default_nullable", "0"),
            Map.entry("distinct_overflow_mode", THROW),
            Map.entry("empty_result_for_aggregation_by_empty_set", "0"),
            Map.entry("extremes", "0"),
            Map.entry("final", "0"),
            Map.entry("force_index_by_date", "0"),
            Map.entry("force_primary_key", "0"),
            Map.entry("group_by_overflow_mode", THROW),
            Map.entry("group_by_use_nulls", "0"),
            Map.entry("join_overflow_mode", THROW),
            Map.entry("join_use_nulls", "0"),
            Map.entry("limit", "0"),
            Map.entry("offset", "0"),
            Map.entry("output_format_json_escape_forward_slashes", "1"),
            Map.entry("prefer_column_name_to_alias", "0"),
            Map.entry("read_overflow_mode", THROW),
            Map.entry("result_overflow_mode", THROW),
            Map.entry("session_timezone", ""),
            Map.entry("set_overflow_mode", THROW),
            Map.entry("sort_overflow_mode", THROW),
            Map.entry("timeout_overflow_mode", THROW),
            Map.entry("transform_null_in", "0"),
            Map.entry("use_query_cache", "0"));

    private StatementSettings() {}
}
