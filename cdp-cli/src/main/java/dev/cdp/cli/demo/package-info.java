/** {@code bin/cdp demo}: the incident, then and now. */
@NullMarked
package dev.cdp.cli.demo;

import org.jspecify.annotations.NullMarked;
