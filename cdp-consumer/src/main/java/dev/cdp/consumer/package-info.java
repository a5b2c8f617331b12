/** A consumer that no record stops, dead letters and redrive. */
@NullMarked
package dev.cdp.consumer;

import org.jspecify.annotations.NullMarked;
