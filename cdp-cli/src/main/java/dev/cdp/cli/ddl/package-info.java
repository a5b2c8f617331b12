/** {@code bin/cdp ddl}. */
@NullMarked
package dev.cdp.cli.ddl;

import org.jspecify.annotations.NullMarked;
