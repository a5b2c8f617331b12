package dev.cdp.clickhouse.metrics;

import java.util.ArrayList;
import java.util.List;

import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.TableDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Up to which offset each part of a topic stands in a table of facts. Kept apart by the table's partitions too, since an
 * insert into several of them may be cut between two.
 */
final class Cutoffs {

    private Cutoffs() {}

    /** The condition, over {@code f}, on facts that come after those that are there now; empty where there are none. */
    static String later(ClickHouseClient client, TableDefinition facts) {
        String source =
                "concat(toString(f.`_topic_id`), ' ', toString(f.`_partition`), ' ', toString(f.`_replay`), ' ',"
                        + " toString(tuple(" + SqlText.key(facts.partitionBy()) + ")))";
        List<String> sources = new ArrayList<>();
        List<String> offsets = new ArrayList<>();
        for (List<@Nullable Object> row : client.select(
                "read how far table " + facts.database() + "." + facts.name() + " has come",
                "SELECT " + source + ", max(f.`_offset`) + 1 FROM " + SqlText.name(facts.database(), facts.name())
                        + " AS f GROUP BY 1 ORDER BY 1")) {
            sources.add(SqlText.text(String.valueOf(row.get(0))));
            offsets.add("toInt64(" + row.get(1) + ")");
        }
        return sources.isEmpty()
                ? ""
                : "f.`_offset` >= transform(" + source + ", " + sources + ", " + offsets + ", toInt64(0))";
    }
}
