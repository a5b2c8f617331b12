/** {@code bin/cdp audit}. */
@NullMarked
package dev.cdp.cli.audit;

import org.jspecify.annotations.NullMarked;
