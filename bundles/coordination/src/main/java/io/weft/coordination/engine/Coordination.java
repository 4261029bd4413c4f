package io.weft.coordination.engine;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.weft.dcs.Dcs;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.Timers;
import io.weft.support.dcs.DcsThreads;
import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** What leases, groups and jobs have in common: the DCS, which comes and goes, and the threads. For this bundle only. */
@Component(name = "weft.coordination", service = Coordination.class)
@Designate(ocd = CoordinationConfig.class)
public final class Coordination {

  private static final int THREADS = 2;

  private final ThreadPoolExecutor executor = DcsThreads.create("coordination", THREADS);
  private final CurrentDcs dcs;
  private final Parts parts;
  private volatile Duration finish;

  @Activate
  public Coordination(CoordinationConfig config, @Reference Node node, @Reference Clock clock, @Reference Timers timers) {
    this.dcs = new CurrentDcs(config.backend());
    this.parts = new Parts(dcs, node.name(), clock, timers, executor, Duration.ofMillis(Math.max(1_000, config.ttl_ms())));
    this.finish = finish(config);
  }

  @Modified
  void modified(CoordinationConfig config) {
    dcs.wanted(config.backend());
    finish = finish(config);
  }

  @Deactivate
  void close() {
    executor.shutdown();
  }

  @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
  void addDcs(Dcs backend) {
    dcs.add(backend);
  }

  void removeDcs(Dcs backend) {
    dcs.remove(backend);
  }

  Parts parts() {
    return parts;
  }

  /** How long a run may go on after its job was removed. */
  Duration finish() {
    return finish;
  }

  private static Duration finish(CoordinationConfig config) {
    return Duration.ofMillis(Math.max(0, config.finish_ms()));
  }
}
