package io.weft.node.core.succession;

import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.Succession.Estate;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All estates: those that wait for an heir, one per bundle, and those that an heir is taking apart. Immediate: they outlive who uses it. */
@Component(name = "weft.node.estates", service = Estates.class, immediate = true)
public final class Estates {

  private static final Logger log = LoggerFactory.getLogger(Estates.class);

  /** Whose it is. A bundle keeps its id when it is updated; with another symbolic name it is another bundle. */
  record Owner(long bundle, String name) {}

  private record Held(Owner owner, Estate estate) {}

  private final Timers timers;
  private final Runnable unlisten;

  // Guarded by this; of others, only timers are called while it is held.
  private final Map<Owner, Held> waiting = new HashMap<>();
  private final Map<Held, Registration> ends = new HashMap<>();
  private boolean closed;

  @Activate
  public Estates(BundleContext context, @Reference Timers timers) {
    BundleListener listener = event -> {
      if (event.getType() == BundleEvent.UNINSTALLED) {
        gone(event.getBundle().getBundleId());
      }
    };
    context.addBundleListener(listener);
    this.timers = timers;
    this.unlisten = () -> context.removeBundleListener(listener);
  }

  /** Without a framework. */
  Estates(Timers timers) {
    this.timers = timers;
    this.unlisten = () -> {};
  }

  Optional<Registration> leave(Owner owner, Estate estate) {
    Held held = new Held(owner, estate);
    Held before;
    synchronized (this) {
      if (closed) {
        return Optional.empty();
      }
      before = waiting.put(owner, held);
      expireLater(held, Succession.WAIT);
    }
    if (before != null) {
      expire(before); // its heir never claimed it, and now goes itself
    }
    log.debug("estate left bundle={}", owner.name);
    return Optional.of(() -> forget(held));
  }

  Optional<Estate> claim(Owner owner) {
    synchronized (this) {
      Held held = waiting.remove(owner);
      if (held == null) {
        return Optional.empty();
      }
      expireLater(held, held.estate.goesOnFor());
      log.debug("estate claimed bundle={}", owner.name);
      return Optional.of(held.estate);
    }
  }

  private void expireLater(Held held, Duration after) {
    Registration last = ends.put(held, timers.after(after, Runnable::run, () -> expire(held)));
    if (last != null) {
      last.close();
    }
  }

  void gone(long bundle) {
    expire(held -> held.owner.bundle == bundle);
  }

  private void expire(Predicate<Held> which) {
    List<Held> some;
    synchronized (this) {
      some = ends.keySet().stream().filter(which).toList();
    }
    some.forEach(this::expire);
  }

  private synchronized boolean forget(Held held) {
    Registration timer = ends.remove(held);
    if (timer != null) {
      timer.close();
      waiting.remove(held.owner, held);
    }
    return timer != null;
  }

  private void expire(Held held) {
    if (!forget(held)) {
      return;
    }
    try {
      held.estate.expired();
    } catch (RuntimeException | LinkageError e) {
      log.warn("estate not closed bundle={}", held.owner.name, e);
    }
  }

  /** How many are not over. */
  synchronized int size() {
    return ends.size();
  }

  @Deactivate
  void close() {
    unlisten.run();
    synchronized (this) {
      closed = true;
    }
    expire(held -> true);
  }
}
