/** {@code bin/cdp generate}. */
@NullMarked
package dev.cdp.cli.generate;

import org.jspecify.annotations.NullMarked;
