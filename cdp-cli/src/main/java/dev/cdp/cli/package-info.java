/** bin/cdp. */
@NullMarked
package dev.cdp.cli;

import org.jspecify.annotations.NullMarked;
