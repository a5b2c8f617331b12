/** Events, their CloudEvents attributes and headers, and how Java classes bind to them. */
@NullMarked
package dev.cdp.core.event;

import org.jspecify.annotations.NullMarked;
