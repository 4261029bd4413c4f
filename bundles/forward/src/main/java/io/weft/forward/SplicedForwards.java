package io.weft.forward;

import io.weft.channel.ChannelKind;
import io.weft.channel.Fabric;
import io.weft.channel.ForwardInfo;
import io.weft.channel.Forwards;
import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthResult;
import io.weft.node.Leaving;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.Succession.Estate;
import io.weft.node.Timers;
import io.weft.support.succession.LoadedWhole;
import io.weft.transport.Io;
import io.weft.transport.RawChannels;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
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
 * All forwards and exposed services. Entries of the configuration are components of their own that open theirs here, so that editing one
 * touches one; the shell adds others, which last until the node stops.
 */
@Component(
    name = "weft.forward",
    service = {SplicedForwards.class, Forwards.class, HealthCheck.class, ListenerSource.class, Leaving.class})
@Designate(ocd = ForwardConfig.class)
public final class SplicedForwards implements Forwards, HealthCheck, ListenerSource, Leaving {

  private static final Logger log = LoggerFactory.getLogger(SplicedForwards.class);
  private static final int ADDED_MAX = 256;
  private static final long STOP_SECONDS = 2;
  private static final Reason REMOVED = Reason.of("forward_removed");
  private static final Reason LEAVING = Reason.of("leaving");
  private static final Reason STOPPED = Reason.of("forward_stopped");

  private final Tools tools;
  private final Succession succession;
  private final BooleanSupplier stopping;
  private final Legacy legacy;
  private final List<LocalForward> locals = new CopyOnWriteArrayList<>();
  private final List<Exposed> exposed = new CopyOnWriteArrayList<>();
  private volatile Limits limits;
  // Guarded by this; the directory's watch may call back, but on a thread of its own, which takes no lock here.
  private @Nullable PeerDirectory directory;
  private Registration watch = () -> {};

  @Activate
  public SplicedForwards(
      ForwardConfig config,
      @Reference RawChannels channels,
      @Reference Fabric fabric,
      @Reference Io io,
      @Reference Clock clock,
      @Reference Timers timers,
      @Reference Succession succession,
      BundleContext context) {
    this(Limits.of(config), channels, fabric, io, clock, timers, succession, () -> context.getBundle().getState() == Bundle.STOPPING);
  }

  /** @param stopping whether the whole bundle stops, and not only a component of it */
  SplicedForwards(Limits limits, RawChannels channels, Fabric fabric, Io io, Clock clock, Timers timers, Succession succession,
      BooleanSupplier stopping) {
    this.limits = limits;
    this.succession = succession;
    this.stopping = stopping;
    this.legacy = succession.claim().map(Legacy::of).orElseGet(Legacy::nothing);
    this.tools = new Tools(
        channels,
        new Sockets(io),
        clock,
        timers,
        () -> this.limits,
        new PeerChoice(fabric),
        new VirtualAddresses(),
        new Census(),
        new Counters());
    legacy.added().forEach(this::open);
  }

  @Modified
  void modified(ForwardConfig config) {
    limits = Limits.of(config);
  }

  /** If the bundle stops, all goes on until its next version takes it, or nobody comes for too long ({@link Succession}). */
  @Deactivate
  void close() {
    Optional<Registration> left = stopping.getAsBoolean() ? succession.leave(estate()) : Optional.empty();
    if (left.isPresent()) {
      LoadedWhole.bundleOf(SplicedForwards.class);
      Stream<CompletableFuture<Void>> moves = Stream.concat(locals.stream().map(LocalForward::moved), exposed.stream().map(Exposed::moved));
      CompletableFuture.allOf(moves.toArray(CompletableFuture[]::new)).thenRun(left.get()::close);
      return;
    }
    locals.forEach(this::closeNow);
    exposed.forEach(this::closeNow);
  }

  private Estate estate() {
    Map<String, Object> things = Legacy.things(locals, exposed);
    return new Estate() {
      @Override
      public Map<String, Object> things() {
        return things;
      }

      @Override
      public void expired() {
        locals.forEach(local -> local.close(STOPPED));
        exposed.forEach(one -> one.close(STOPPED));
      }
    };
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void bindDirectory(PeerDirectory bound) {
    watch.close();
    directory = bound;
    watch = bound.watch(this::peersChanged);
  }

  /** What it said last stays in force: nothing here drops because the directory is swapped. */
  synchronized void unbindDirectory(PeerDirectory unbound) {
    if (directory == unbound) {
      watch.close();
      directory = null;
    }
  }

  private void peersChanged(List<Peer> peers) {
    if (tools.addresses().update(peers)) {
      locals.forEach(LocalForward::addressesChanged);
    }
  }

  LocalForward open(LocalSpec spec) {
    Left left = legacy.take(spec);
    LocalForward local = LocalForward.of(tools, spec, left);
    locals.add(local);
    local.start(left);
    return local;
  }

  /** For an entry that is gone. Entries go too when the bundle stops, but then {@link #close()} decides for all. */
  void close(LocalForward local) {
    if (!stopping.getAsBoolean()) {
      closeNow(local);
    }
  }

  private void closeNow(LocalForward local) {
    locals.remove(local);
    await(local.close(REMOVED), local.spec().text());
  }

  Exposed open(ExposeSpec spec) {
    Exposed one = new Exposed(tools, spec);
    exposed.add(one);
    one.start(legacy.take(spec));
    return one;
  }

  /** As {@link #close(LocalForward)}. */
  void close(Exposed one) {
    if (!stopping.getAsBoolean()) {
      closeNow(one);
    }
  }

  private void closeNow(Exposed one) {
    exposed.remove(one);
    await(one.close(REMOVED), one.spec().name());
  }

  /** Waits until its sockets are closed, so that whoever comes next can have the address. */
  private static void await(CompletionStage<Void> closing, String what) {
    try {
      closing.toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.warn("forward did not close in time what={} seconds={}", what, STOP_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.warn("forward did not close what={}", what, e);
    }
  }

  @Override
  public List<ForwardInfo> forwards() {
    return locals.stream()
        .map(LocalForward::info)
        .sorted(Comparator.comparing(ForwardInfo::service).thenComparing(ForwardInfo::address).thenComparing(ForwardInfo::kind))
        .toList();
  }

  @Override
  public CompletionStage<ForwardInfo> add(String service, String at, ChannelKind kind, String address) {
    LocalSpec spec = LocalSpec.of(service, at, kind, address, 0, false);
    if (locals.stream().anyMatch(l -> isAt(l, address, kind))) {
      return CompletableFuture.failedFuture(new IllegalStateException(address + " has a forward already"));
    }
    if (locals.stream().filter(l -> !l.spec().configured()).count() >= ADDED_MAX) {
      return CompletableFuture.failedFuture(new IllegalStateException("at most " + ADDED_MAX + " forwards can be added"));
    }
    LocalForward local = LocalForward.of(tools, spec, Left.NOTHING);
    locals.add(local);
    return local.start(Left.NOTHING).handle((done, failure) -> {
      if (failure != null) {
        locals.remove(local);
        local.close(REMOVED);
        throw new IllegalStateException(local.spec().wrong().isEmpty() ? failure.getMessage() : local.spec().wrong(), failure);
      }
      return local.info();
    });
  }

  @Override
  public boolean remove(String address, ChannelKind kind) {
    for (LocalForward local : locals) {
      if (isAt(local, address, kind)) {
        if (local.spec().configured()) {
          throw new IllegalArgumentException(address + " is in the configuration file: remove it there, in the section forward");
        }
        closeNow(local);
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(LocalForward local, String address, ChannelKind kind) {
    return local.spec().route().kind() == kind && (local.spec().text().equals(address) || local.bound().equals(address));
  }

  @Override
  public Map<String, Long> counters() {
    return tools.counters().snapshot();
  }

  @Override
  public List<HealthResult> check() {
    return ForwardHealth.check(locals, exposed);
  }

  @Override
  public List<Listener> listeners() {
    return locals.stream()
        .filter(l -> !l.bound().isEmpty())
        .map(l -> new Listener(l.bound(), l.spec().route().kind() == ChannelKind.datagram ? "udp" : "tcp", "forward"))
        .toList();
  }

  @Override
  public int phase() {
    return DRAIN;
  }

  @Override
  public CompletionStage<Void> leave(Duration bound) {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    locals.forEach(LocalForward::stopListening);
    Registration timer = tools.timers().after(bound, Runnable::run, () -> drained.complete(null));
    tools.census().close().thenRun(() -> drained.complete(null));
    return drained.thenRun(() -> {
      timer.close();
      locals.forEach(l -> l.traffic().cut(LEAVING));
      exposed.forEach(e -> e.traffic().cut(LEAVING));
    });
  }
}
