/** Dead letters read back: looked through, and published again to the topic that they came from. */
@NullMarked
package dev.cdp.consumer.redrive;

import org.jspecify.annotations.NullMarked;
