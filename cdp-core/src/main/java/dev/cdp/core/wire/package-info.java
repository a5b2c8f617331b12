/** Reading a Kafka record as an event of the catalog. */
@NullMarked
package dev.cdp.core.wire;

import org.jspecify.annotations.NullMarked;
