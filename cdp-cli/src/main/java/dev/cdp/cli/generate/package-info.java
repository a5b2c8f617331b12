/** Java records from a catalog. */
@NullMarked
package dev.cdp.cli.generate;

import org.jspecify.annotations.NullMarked;
