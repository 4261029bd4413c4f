package io.weft.dcs.raft.member;

import io.weft.dcs.raft.wire.Lines;
import io.weft.dcs.raft.wire.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The nodes where the store is to be found: those in the configuration, and those that were heard of since. Any thread. */
public final class Contacts {

  private final String self;
  private final List<String> configured;
  private final Lines lines;
  private final Set<String> learned = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Heard> heard;

  /** The latest lineage that anybody spoke of, and who did. */
  record Heard(String node, Lineage lineage) {}

  public Contacts(String self, List<String> configured, Lines lines) {
    this.self = self;
    this.configured = List.copyOf(configured);
    this.lines = lines;
    this.heard = new AtomicReference<>(new Heard(self, Lineage.FOUNDED));
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

  Heard latest() {
    return heard.get();
  }

  /** Somebody spoke of a store of this lineage. */
  void hear(String node, Lineage lineage) {
    heard.accumulateAndGet(new Heard(node, lineage), (old, next) -> next.lineage.compareTo(old.lineage) > 0 ? next : old);
  }

  /** Both tell each other of the latest lineage they know. */
  private CompletableFuture<Greeting> greet(String node, Duration most) {
    byte[] known = latest().lineage.toString().getBytes(StandardCharsets.UTF_8);
    return lines.call(node, Traffic.CALLS, Calls.HELLO, known, most).thenApply(answer -> {
      Greeting greeting = Greeting.decode(answer);
      hear(node, greeting.lineage());
      return greeting;
    });
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
        Greeting.leader(greetings)
            .ifPresent(leader -> learn(leader.getValue().members().stream().map(MemberId::parse).toList()));
        return new TreeMap<>(greetings);
      }
    });
  }
}
