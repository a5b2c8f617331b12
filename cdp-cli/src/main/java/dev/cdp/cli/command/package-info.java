/** What every command shares: how it ends. */
@NullMarked
package dev.cdp.cli.command;

import org.jspecify.annotations.NullMarked;
