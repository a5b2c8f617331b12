/** Dead letters: what a record that cannot be processed becomes, and where it goes. */
@NullMarked
package dev.cdp.consumer.dlq;

import org.jspecify.annotations.NullMarked;
