/** What the members agree on: keys, sessions, and how they change, as bytes and as state. Nothing here knows of time or of others. */
@NullMarked
package io.weft.dcs.raft.state;

import org.jspecify.annotations.NullMarked;
