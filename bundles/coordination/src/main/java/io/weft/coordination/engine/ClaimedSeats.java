package io.weft.coordination.engine;

import io.weft.coordination.Groups;
import io.weft.coordination.Seat;
import io.weft.coordination.SeatInfo;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.node.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Numbers in groups: a key per number that goes with its holder's session, and one that remembers who had it last. */
@Component(name = "weft.coordination.groups", service = Groups.class)
public final class ClaimedSeats implements Groups, AutoCloseable {

  private static final int SIZE_MAX = 1_024;

  private final Parts parts;
  private final Set<Claim> claims = ConcurrentHashMap.newKeySet();

  @Activate
  public ClaimedSeats(@Reference Coordination core) {
    this(core.parts());
  }

  ClaimedSeats(Parts parts) {
    this.parts = parts;
  }

  @Override
  public CompletableFuture<Seat> claim(String group, String instance, int size) {
    Names.check("group name", group);
    Names.check("instance name", instance);
    if (size < 1 || size > SIZE_MAX) {
      throw new IllegalArgumentException("a group has 1 to " + SIZE_MAX + " numbers");
    }
    Claim claim = new Claim(group, instance, size, parts);
    claims.add(claim);
    claim.result().whenComplete((seat, failure) -> {
      if (failure != null) {
        claims.remove(claim);
      } else {
        seat.ended().thenAccept(reason -> claims.remove(claim));
      }
    });
    claim.start();
    return claim.result();
  }

  @Override
  public CompletionStage<List<SeatInfo>> list(String group) {
    Names.check("group name", group);
    return parts.dcs().ask(dcs -> dcs.list(prefix(group), CurrentDcs.freshest(dcs))).thenApply(snapshot -> infos(group,
        snapshot));
  }

  static String prefix(String group) {
    return "_groups/" + group + "/";
  }

  static String held(String group, int ordinal) {
    return prefix(group) + "held/" + ordinal;
  }

  static String last(String group, int ordinal) {
    return prefix(group) + "last/" + ordinal;
  }

  /** By number: who has it, or had it last. */
  static Map<Integer, SeatInfo> seats(String group, Snapshot snapshot) {
    Map<Integer, SeatInfo> seats = new TreeMap<>();
    for (Entry entry : snapshot.entries()) {
      String rest = entry.key().substring(prefix(group).length());
      int slash = rest.indexOf('/');
      String digits = rest.substring(slash + 1);
      if (slash < 0 || !digits.matches("\\d{1,4}")) {
        continue;
      }
      int ordinal = Integer.parseInt(digits);
      boolean held = rest.startsWith("held/");
      if (held || !seats.containsKey(ordinal)) {
        seats.put(ordinal, new SeatInfo(group, ordinal, entry.text(), held, held ? entry.revision() : 0));
      }
    }
    return seats;
  }

  private static List<SeatInfo> infos(String group, Snapshot snapshot) {
    return new ArrayList<>(seats(group, snapshot).values());
  }

  @Deactivate
  @Override
  public void close() {
    claims.forEach(Claim::close);
  }
}
