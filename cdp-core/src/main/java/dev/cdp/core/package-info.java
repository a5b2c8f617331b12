/** The root of cdp's errors. */
@NullMarked
package dev.cdp.core;

import org.jspecify.annotations.NullMarked;
