/** A member of the store: the Raft server of this node, what it keeps on disk, and its life from founding to removal. */
@NullMarked
package io.weft.dcs.raft.member;

import org.jspecify.annotations.NullMarked;
