/** {@code bin/cdp dlq}. */
@NullMarked
package dev.cdp.cli.dlq;

import org.jspecify.annotations.NullMarked;
