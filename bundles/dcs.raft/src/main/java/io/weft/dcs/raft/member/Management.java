package io.weft.dcs.raft.member;

import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Who keeps the store, asked and changed from any node. Nothing blocks. */
public final class Management {

  private static final Duration GREET_MAX = Duration.ofMillis(1_500);
  private static final Duration CHANGE_MAX = Duration.ofSeconds(60);

  private final Contacts contacts;
  private final MemberLife life;
  private final Router router;
  private final Executor executor;

  public Management(Contacts contacts, MemberLife life, Router router, Executor executor) {
    this.contacts = contacts;
    this.life = life;
    this.router = router;
    this.executor = executor;
  }

  /** What everybody says who can be reached, this node too. */
  private CompletableFuture<Map<String, Greeting>> everybody() {
    return contacts.greet(GREET_MAX).thenApply(greetings -> {
      Map<String, Greeting> all = new TreeMap<>(greetings);
      all.put(contacts.self(), life.greeting());
      return all;
    });
  }

  private static @Nullable Greeting leaderOf(Map<String, Greeting> greetings) {
    return Greeting.leader(greetings).map(Map.Entry::getValue).orElse(null);
  }

  private static List<String> nodes(Greeting greeting) {
    return greeting.members().stream().map(m -> MemberId.parse(m).node()).sorted().toList();
  }

  public CompletableFuture<DcsStatus> status() {
    return everybody().thenApply(this::status);
  }

  private DcsStatus status(Map<String, Greeting> greetings) {
    Greeting leader = leaderOf(greetings);
    boolean reachable = greetings.size() > 1 || life.isMember() || contacts.configured().contains(contacts.self());
    DcsStatus.State state = leader != null ? DcsStatus.State.SERVING
        : reachable ? DcsStatus.State.WAITING : DcsStatus.State.UNREACHABLE;
    TreeSet<String> names = new TreeSet<>(leader != null ? nodes(leader) : contacts.all());
    List<DcsMember> members = new ArrayList<>();
    for (String name : names) {
      members.add(member(name, greetings.get(name), leader));
    }
    String lead = Greeting.leader(greetings).map(Map.Entry::getKey).orElse(null);
    String detail = leader == null || life.isMember() ? "this node " + life.state()
        : lead + " leads; this node is no member";
    return new DcsStatus(state, detail, Optional.ofNullable(lead), leader == null ? 0 : leader.revision(), members,
        leader == null ? Optional.empty() : Optional.of(names.size()), Optional.of(true), Optional.of(true), Optional.of(true));
  }

  private static DcsMember member(String name, @Nullable Greeting greeting, @Nullable Greeting leader) {
    if (greeting == null) {
      return new DcsMember(name, "unknown", -1, false);
    }
    String id = name + "~" + greeting.storage();
    // If only the leader knew that it counts, nobody would once that one is gone.
    boolean counts = leader == null ? !greeting.members().isEmpty() : leader.members().contains(id) && greeting.members().contains(id);
    String role = greeting.leads() ? "leader" : counts ? "follower" : greeting.members().isEmpty() ? "unknown" : "learner";
    return new DcsMember(name, role, leader == null ? -1 : Math.max(0, leader.applied() - greeting.applied()), counts);
  }

  /** Makes a node a member. */
  public CompletableFuture<Void> add(String node) {
    return everybody().thenCompose(greetings -> {
      Greeting leader = leaderOf(greetings);
      if (leader == null) {
        return failed("nobody leads: " + life.state());
      }
      if (nodes(leader).contains(node)) {
        return CompletableFuture.completedFuture(null);
      }
      return router.call(node, Calls.ENLIST, leader.lineage().toString().getBytes(StandardCharsets.UTF_8), CHANGE_MAX)
          .thenComposeAsync(id -> router.write(Calls.CHANGE,
              MemberChange.add(MemberId.parse(new String(id, StandardCharsets.UTF_8))).encode(), CHANGE_MAX), executor)
          .thenApply(done -> null);
    });
  }

  /** Takes a node out. Refused if what is left could not decide anything. */
  public CompletableFuture<Void> remove(String node) {
    return everybody().thenCompose(greetings -> {
      Greeting leader = leaderOf(greetings);
      if (leader == null) {
        return failed("nobody leads: " + life.state());
      }
      List<String> left = nodes(leader).stream().filter(n -> !n.equals(node)).toList();
      if (left.size() == nodes(leader).size()) {
        return CompletableFuture.completedFuture(null);
      }
      long healthy = left.stream().filter(n -> greetings.containsKey(n) && !greetings.get(n).members().isEmpty()).count();
      if (healthy <= left.size() / 2) {
        return failed("of the members left, only " + healthy + " of " + left.size() + " can be reached, which is no majority");
      }
      return router.write(Calls.CHANGE, MemberChange.remove(node).encode(), CHANGE_MAX).thenApply(done -> null);
    });
  }

  public CompletableFuture<Void> transfer(String node) {
    return router.write(Calls.TRANSFER, node.getBytes(StandardCharsets.UTF_8), CHANGE_MAX).thenApply(done -> null);
  }

  /** Every member that can be reached; fails if one cannot. */
  public CompletableFuture<Void> compact() {
    return everybody().thenCompose(greetings -> {
      Greeting leader = leaderOf(greetings);
      if (leader == null) {
        return failed("nobody leads: " + life.state());
      }
      return CompletableFuture.allOf(nodes(leader).stream()
          .map(node -> router.call(node, Calls.COMPACT, new byte[0], CHANGE_MAX)).toArray(CompletableFuture[]::new));
    });
  }

  private static <T> CompletableFuture<T> failed(String message) {
    return CompletableFuture.failedFuture(new CallFailed(Kind.UNAVAILABLE, message));
  }
}
