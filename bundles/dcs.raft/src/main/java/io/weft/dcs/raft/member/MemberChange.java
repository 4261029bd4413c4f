package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Decoder;
import io.weft.dcs.raft.state.Encoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step from some members to others, as the leader is asked for it.
 *
 * @param added comes in; it may be a node that is a member already, with another storage
 * @param removed nodes that go
 */
record MemberChange(Optional<MemberId> added, List<String> removed) {

  private static final int ID_MAX = 128;
  private static final int NODE_MAX = 64;
  private static final int REMOVED_MAX = 64;

  MemberChange {
    removed = List.copyOf(removed);
  }

  static MemberChange add(MemberId member) {
    return new MemberChange(Optional.of(member), List.of());
  }

  static MemberChange remove(String node) {
    return new MemberChange(Optional.empty(), List.of(node));
  }

  /** The node comes back with another storage, in its own place. */
  static MemberChange replace(MemberId member) {
    return new MemberChange(Optional.of(member), List.of(member.node()));
  }

  byte[] encode() {
    Encoder out = new Encoder().text(added.map(MemberId::toString).orElse("")).u32(removed.size());
    removed.forEach(out::text);
    return out.done();
  }

  static MemberChange decode(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    String added = in.text(ID_MAX);
    int count = in.count(REMOVED_MAX);
    List<String> removed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      removed.add(in.text(NODE_MAX));
    }
    in.end();
    return new MemberChange(added.isEmpty() ? Optional.empty() : Optional.of(MemberId.parse(added)), removed);
  }

  /** Blocks until it is done. */
  void applyTo(RaftMember leader) throws IOException {
    List<MemberId> gone = leader.members().stream()
        .filter(member -> removed.contains(member.node()) && added.filter(member::equals).isEmpty()).toList();
    leader.change(added.orElse(null), gone);
  }
}
