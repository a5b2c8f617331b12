/** JSON Schemas of events and the columns that follow from them. */
@NullMarked
package dev.cdp.core.schema;

import org.jspecify.annotations.NullMarked;
