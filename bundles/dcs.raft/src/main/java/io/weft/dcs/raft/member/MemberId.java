package io.weft.dcs.raft.member;

import io.weft.node.Names;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Who votes: a node and the storage it has. A node that lost its storage is somebody else, because it forgot what it promised.
 *
 * @param node name of the node
 * @param storage drawn at random when the storage was made
 */
public record MemberId(String node, String storage) {

  private static final int STORAGE_MAX = 32;

  public MemberId {
    Names.check("node of a member", node);
    boolean plain = storage.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'z');
    if (storage.isEmpty() || storage.length() > STORAGE_MAX || !plain) {
      throw new IllegalArgumentException("the storage of a member is 1 to " + STORAGE_MAX + " letters and digits");
    }
  }

  /** @throws IllegalArgumentException if it is not written as {@code node~storage} */
  public static MemberId parse(String text) {
    int at = text.indexOf('~');
    if (at < 0) {
      throw new IllegalArgumentException("a member is node~storage");
    }
    return new MemberId(text.substring(0, at), text.substring(at + 1));
  }

  static MemberId of(RaftPeerId id) {
    return parse(id.toString());
  }

  RaftPeerId peerId() {
    return RaftPeerId.valueOf(toString());
  }

  RaftPeer peer() {
    return RaftPeer.newBuilder().setId(peerId()).setAddress(node).build();
  }

  @Override
  public String toString() {
    return node + "~" + storage;
  }
}
