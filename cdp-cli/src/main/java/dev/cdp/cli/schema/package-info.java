/** {@code bin/cdp schema}. */
@NullMarked
package dev.cdp.cli.schema;

import org.jspecify.annotations.NullMarked;
