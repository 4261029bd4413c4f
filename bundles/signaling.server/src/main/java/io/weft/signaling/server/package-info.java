/** The broker: mailboxes over HTTP for peers that have no path to each other yet. One loop owns all of it. */
@NullMarked
package io.weft.signaling.server;

import org.jspecify.annotations.NullMarked;
