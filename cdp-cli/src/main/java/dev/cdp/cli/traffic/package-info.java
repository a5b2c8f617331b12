/** {@code bin/cdp generate}: events made up from a catalog. */
@NullMarked
package dev.cdp.cli.traffic;

import org.jspecify.annotations.NullMarked;
