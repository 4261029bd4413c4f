package io.weft.dcs.raft.member;

import io.weft.dcs.raft.wire.Lines;
import io.weft.dcs.raft.wire.Traffic;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes where the store is to be found: those in the configuration, and those that were heard of since. Any thread. */
public final class Contacts {

  private final String self;
  private final List<String> configured;
  private final Lines lines;
  private final Set<String> learned = ConcurrentHashMap.newKeySet();

  public Contacts(String self, List<String> configured, Lines lines) {
    this.self = self;
    this.configured = List.copyOf(configured);
    this.lines = lines;
  }

  public String self() {
    return self;
  }

  /** The founders in the configuration. */
  public List<String> configured() {
    return configured;
  }

  /** All, with this node if it is one of them. */
  public List<String> all() {
    Set<String> all = new LinkedHashSet<>(configured);
    all.addAll(learned);
    return List.copyOf(all);
  }

  /** These keep the store now, says their leader. */
  void learn(List<MemberId> members) {
    Set<String> nodes = new LinkedHashSet<>();
    members.forEach(m -> nodes.add(m.node()));
    if (!nodes.isEmpty()) {
      learned.retainAll(nodes);
      learned.addAll(nodes);
    }
  }

  private CompletableFuture<Greeting> greet(String node, Duration most) {
    return lines.call(node, Traffic.CALLS, Calls.HELLO, new byte[0], most).thenApply(Greeting::decode);
  }

  /** Asks all others at once; completes with what those said that answered in time, by name. */
  CompletableFuture<Map<String, Greeting>> greet(Duration most) {
    Map<String, Greeting> greetings = new TreeMap<>();
    List<CompletableFuture<?>> asked = all().stream().filter(node -> !node.equals(self))
        .<CompletableFuture<?>>map(node -> greet(node, most).thenAccept(greeting -> {
          synchronized (greetings) {
            greetings.put(node, greeting);
          }
        }).exceptionally(away -> null)).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(done -> {
      synchronized (greetings) {
        greetings.values().stream().filter(Greeting::leads).findFirst()
            .ifPresent(leader -> learn(leader.members().stream().map(MemberId::parse).toList()));
        return new TreeMap<>(greetings);
      }
    });
  }
}
