package io.weft.directory.merge;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.discovery.DiscoverySource;
import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.SerialLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges what all sources see into one list of peers. Sources write into their own {@link SourceView}; one loop merges, publishes and
 * calls the watchers; readers get the last published list.
 */
@Component(name = "weft.directory")
@Designate(ocd = DirectoryConfig.class)
public final class MergedDirectory implements PeerDirectory {

  /** Peers that are kept; also per source. */
  static final int PEERS_MAX = 2_048;

  private static final int TASKS_MAX = 1_024;
  private static final Logger log = LoggerFactory.getLogger(MergedDirectory.class);

  private record View(List<Peer> list, Map<String, Peer> byName) {}

  private static final class Watcher {
    final Consumer<List<Peer>> listener;
    volatile boolean closed;

    Watcher(Consumer<List<Peer>> listener) {
      this.listener = listener;
    }
  }

  private final NodeIdentity identity;
  private final Clock clock;
  private final Timers timers;
  private final Runnable stopThread;
  private final SerialLoop loop;
  private final AtomicBoolean mergeWaits = new AtomicBoolean();
  private final Map<DiscoverySource, SourceView> bound = Collections.synchronizedMap(new IdentityHashMap<>());
  private volatile long graceNanos;
  private volatile View view = new View(List.of(), Map.of());

  // From here on: the loop's alone.
  private final List<SourceView> live = new ArrayList<>();
  private final Memory memory = new Memory();
  private final Map<String, PeerIdentity> identities = new HashMap<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private Set<String> refused = Set.of();
  private boolean overflowed;
  private Registration wake = () -> {};

  @Activate
  public MergedDirectory(DirectoryConfig config, @Reference NodeIdentity identity, @Reference Clock clock, @Reference Timers timers) {
    this(Duration.ofMillis(config.source_grace_ms()), identity, clock, timers, new LoopThread("weft-directory-1"));
  }

  private MergedDirectory(Duration grace, NodeIdentity identity, Clock clock, Timers timers, LoopThread thread) {
    this(grace, identity, clock, timers, thread, thread::close);
  }

  MergedDirectory(Duration grace, NodeIdentity identity, Clock clock, Timers timers, Executor executor, Runnable stopThread) {
    this.graceNanos = grace.toNanos();
    this.identity = identity;
    this.clock = clock;
    this.timers = timers;
    this.stopThread = stopThread;
    this.loop = new SerialLoop("directory", executor, TASKS_MAX);
  }

  @Modified
  void modified(DirectoryConfig config) {
    graceNanos = Duration.ofMillis(config.source_grace_ms()).toNanos();
  }

  @Deactivate
  void close() {
    for (DiscoverySource source : List.copyOf(bound.keySet())) {
      unbindSource(source);
    }
    loop.close();
    wake.close();
    stopThread.run();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindSource(DiscoverySource source) {
    SourceView added = new SourceView(source, clock, this::changed);
    bound.put(source, added);
    loop.execute(() -> live.add(added));
    try {
      added.start();
    } catch (RuntimeException e) {
      log.error("discovery source failed source={}", added.name(), e);
    }
    // Not changed(): a merge that waits already may have been queued before the source was added to those that are live.
    loop.execute(this::merge);
  }

  void unbindSource(DiscoverySource source) {
    SourceView gone = bound.remove(source);
    if (gone == null) {
      return;
    }
    gone.stop();
    loop.execute(() -> {
      live.remove(gone);
      memory.add(gone.name(), gone.seen(), clock.nanos(), graceNanos);
      merge();
    });
  }

  @Override
  public List<Peer> peers() {
    return view.list;
  }

  @Override
  public Optional<Peer> peer(String name) {
    return Optional.ofNullable(view.byName.get(name));
  }

  @Override
  public Registration watch(Consumer<List<Peer>> listener) {
    Watcher watcher = new Watcher(listener);
    loop.execute(() -> {
      watchers.add(watcher);
      tell(watcher);
    });
    return () -> {
      watcher.closed = true;
      loop.execute(() -> watchers.remove(watcher)); // or its bundle would stay in memory until a peer changes
    };
  }

  private void changed() {
    if (mergeWaits.compareAndSet(false, true)) {
      loop.execute(this::merge);
    }
  }

  private void merge() {
    mergeWaits.set(false);
    long now = clock.nanos();
    memory.prune(live, now);
    Merge merge = new Merge(now);
    live.forEach(merge::add);
    memory.gone().forEach(merge::add);
    wake.close();
    if (merge.holdsNanos() < Long.MAX_VALUE) {
      wake = timers.after(Duration.ofNanos(merge.holdsNanos()), loop, this::merge);
    }
    Map<String, Peer> byName = new TreeMap<>();
    for (String name : admitted(merge.names())) {
      byName.put(name, merge.peer(identities.get(name)));
    }
    identities.keySet().retainAll(byName.keySet());
    publish(new View(List.copyOf(byName.values()), byName));
  }

  /** Names that belong to members of the fabric, at most {@link #PEERS_MAX}: those that are known already first, then by name. */
  private List<String> admitted(Set<String> names) {
    List<String> fresh = new ArrayList<>(names);
    fresh.removeAll(identities.keySet());
    Collections.sort(fresh);
    List<String> admitted = new ArrayList<>(identities.keySet());
    admitted.retainAll(names);
    Set<String> unknown = new HashSet<>();
    boolean over = false;
    for (String name : fresh) {
      if (name.equals(identity.self().name())) {
        continue; // a list of all nodes that every node shares is a fine way to configure a fabric
      }
      if (admitted.size() >= PEERS_MAX) {
        over = true;
        break;
      }
      Optional<PeerIdentity> expected = identity.expected(name);
      if (expected.isPresent()) {
        identities.put(name, expected.get());
        admitted.add(name);
      } else if (unknown.add(name) && !refused.contains(name)) {
        log.warn("peer refused peer={} reason=not_a_member", name);
      }
    }
    if (over && !overflowed) {
      log.warn("directory overflow peers_max={} seen={}", PEERS_MAX, names.size());
    }
    overflowed = over || overflowed && admitted.size() > PEERS_MAX / 2; // at the limit peers come and go; one line is enough
    refused = unknown;
    return admitted;
  }

  private void publish(View next) {
    View last = view;
    if (next.list.equals(last.list)) {
      return;
    }
    view = next;
    next.byName.keySet().stream().filter(n -> !last.byName.containsKey(n)).forEach(n -> log.info("peer known peer={}", n));
    last.byName.keySet().stream().filter(n -> !next.byName.containsKey(n)).forEach(n -> log.info("peer forgotten peer={}", n));
    List.copyOf(watchers).forEach(this::tell);
  }

  private void tell(Watcher watcher) {
    if (watcher.closed) {
      return;
    }
    try {
      watcher.listener.accept(view.list);
    } catch (RuntimeException e) {
      log.error("directory watcher failed", e);
    }
  }
}
