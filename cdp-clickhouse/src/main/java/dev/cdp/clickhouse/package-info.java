/** Tables from the catalog and exactly-once loading into ClickHouse. */
@NullMarked
package dev.cdp.clickhouse;

import org.jspecify.annotations.NullMarked;
