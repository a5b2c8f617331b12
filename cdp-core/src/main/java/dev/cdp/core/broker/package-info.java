/** How a first answer of a Kafka broker is waited for, without any of Kafka's classes. */
@NullMarked
package dev.cdp.core.broker;

import org.jspecify.annotations.NullMarked;
