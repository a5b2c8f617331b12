/** Typed publishing of validated events. */
@NullMarked
package dev.cdp.producer;

import org.jspecify.annotations.NullMarked;
