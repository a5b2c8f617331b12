/** The catalog and the records of a social network. */
@NullMarked
package dev.cdp.example.social;

import org.jspecify.annotations.NullMarked;
