/** Calls to other nodes: frames on channels of the fabric, one stream per peer and kind of traffic. */
@NullMarked
package io.weft.dcs.raft.wire;

import org.jspecify.annotations.NullMarked;
