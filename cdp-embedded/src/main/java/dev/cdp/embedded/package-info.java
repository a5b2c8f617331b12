/** A real Kafka and a real ClickHouse for tests and demos. */
@NullMarked
package dev.cdp.embedded;

import org.jspecify.annotations.NullMarked;
