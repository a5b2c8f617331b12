/** Whether a payload is what the catalog says. */
@NullMarked
package dev.cdp.core.validation;

import org.jspecify.annotations.NullMarked;
