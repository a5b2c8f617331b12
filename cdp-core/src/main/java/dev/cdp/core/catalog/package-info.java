/** The catalog: what {@code cdp.yaml} says about every event. */
@NullMarked
package dev.cdp.core.catalog;

import org.jspecify.annotations.NullMarked;
