/** What the members agree on: keys, sessions, and how they change, as bytes and as state; nothing here knows of time. */
@NullMarked
package io.weft.dcs.raft.state;

import org.jspecify.annotations.NullMarked;
