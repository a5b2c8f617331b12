/** Timings of ours beside peers'; {@code bin/bench} runs them. */
@NullMarked
package dev.cdp.benchmarks;

import org.jspecify.annotations.NullMarked;
