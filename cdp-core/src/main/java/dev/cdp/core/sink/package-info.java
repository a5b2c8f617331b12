/** The door between a consumer and a store: batches of validated events, and what became of them. */
@NullMarked
package dev.cdp.core.sink;

import org.jspecify.annotations.NullMarked;
