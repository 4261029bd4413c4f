package io.weft.itests.coordination;

import io.weft.itests.dcs.Member;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The nodes keep the store themselves: who is killed or stands still is a node and a member. */
@Tag("nightly")
class RaftFaultsIT extends Faults {

  @Override
  String backend() {
    return "raft";
  }

  @Override
  Duration ttl() {
    return Duration.ofSeconds(2);
  }

  /** A member that was killed comes back with its node, whose start counts. */
  @Override
  Duration recoveryMax() {
    return Duration.ofSeconds(60);
  }

  @Override
  List<? extends Member> members() {
    return fabric.members();
  }

  /** All but the holder, which stays awake and may not act any more. */
  @Override
  List<? extends Member> enoughToSilence() {
    String holder = fabric.latest().node();
    return members().stream().filter(member -> !member.name().equals(holder)).toList();
  }
}
