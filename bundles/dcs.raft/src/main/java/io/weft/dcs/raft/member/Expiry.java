package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.KeyValues.Lifetime;
import io.weft.node.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When sessions are over, by this member's own clock. Only a leader acts on it, and only by asking all to end the session, which
 * does nothing if the session was renewed meanwhile. Late is normal, early never: a session has its whole TTL from the moment
 * when its renewal was agreed on, and again from the moment when a member begins to lead.
 */
final class Expiry {

  private record Deadline(Lifetime lifetime, long nanos) {}

  private final Clock clock;
  // Guarded by the object itself; nothing foreign is called with it but the clock.
  private final Map<String, Deadline> deadlines = new HashMap<>();

  Expiry(Clock clock) {
    this.clock = clock;
  }

  /** It was opened or renewed. */
  synchronized void renewed(Lifetime lifetime) {
    deadlines.put(lifetime.id(), deadline(lifetime));
  }

  /** It is over. */
  synchronized void ended(String session) {
    deadlines.remove(session);
  }

  /** These are all there are; each has its whole TTL from now. */
  synchronized void reset(Collection<Lifetime> lifetimes) {
    deadlines.clear();
    lifetimes.forEach(l -> deadlines.put(l.id(), deadline(l)));
  }

  /** What to propose now. */
  synchronized List<Command> due() {
    List<Command> due = new ArrayList<>();
    long now = clock.nanos();
    for (Deadline deadline : deadlines.values()) {
      if (now - deadline.nanos >= 0) {
        due.add(new Command.Expire(deadline.lifetime.id(), deadline.lifetime.renewedAt()));
      }
    }
    return due;
  }

  private Deadline deadline(Lifetime lifetime) {
    return new Deadline(lifetime, clock.nanos() + lifetime.ttlMillis() * 1_000_000);
  }
}
