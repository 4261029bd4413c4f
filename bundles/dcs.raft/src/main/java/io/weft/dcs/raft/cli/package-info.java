/** What is done to the store while the node does not run. */
@NullMarked
package io.weft.dcs.raft.cli;

import org.jspecify.annotations.NullMarked;
