/** Schema registries: schemas by id, GUID, or subject and version. */
@NullMarked
package dev.cdp.core.registry;

import org.jspecify.annotations.NullMarked;
