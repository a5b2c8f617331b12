/** {@code bin/cdp generate}: events of a catalog made up. */
@NullMarked
package dev.cdp.cli.events;

import org.jspecify.annotations.NullMarked;
