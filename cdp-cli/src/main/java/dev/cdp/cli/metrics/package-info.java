/** {@code bin/cdp metrics}. */
@NullMarked
package dev.cdp.cli.metrics;

import org.jspecify.annotations.NullMarked;
