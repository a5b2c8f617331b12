/** {@code bin/cdp catalog}. */
@NullMarked
package dev.cdp.cli.catalog;

import org.jspecify.annotations.NullMarked;
