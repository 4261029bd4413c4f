/** What every command keeps to, and a session that a test calls it in. */
@NullMarked
package io.weft.testkit.command;

import org.jspecify.annotations.NullMarked;
