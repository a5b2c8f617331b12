/** A door into the package of this name in cdp-clickhouse. */
@NullMarked
package dev.cdp.clickhouse;

import org.jspecify.annotations.NullMarked;
