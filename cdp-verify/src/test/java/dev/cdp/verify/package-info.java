/** Tests over all modules at once. */
@NullMarked
package dev.cdp.verify;

import org.jspecify.annotations.NullMarked;
