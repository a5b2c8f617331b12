/** For unit tests of applications that publish events: no broker, the same validation. */
@NullMarked
package dev.cdp.testkit;

import org.jspecify.annotations.NullMarked;
