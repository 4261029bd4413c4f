package io.weft.node.core.identity;

import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.NodeIdentity;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.node.core.NodeConfig;
import io.weft.node.core.Worker;
import io.weft.node.core.secret.SchemeSecrets;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.support.Backoff;
import io.weft.support.identity.Formation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the formation secret, registers the identity that follows from it, and renews its certificate. Until the secret can be
 * read, there is no {@link NodeIdentity} and the node is not ready; it tries again by itself.
 */
@Component(
    name = "weft.node.identity",
    service = HealthCheck.class,
    immediate = true,
    configurationPid = "weft.node",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class IdentityKeeper implements HealthCheck {

  /** How long a missing secret source is normal, because its bundle is still starting. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration RETRY_FIRST = Duration.ofMillis(500);
  private static final Duration RETRY_MOST = Duration.ofSeconds(10);
  private static final Duration RENEWAL_CHECK = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(IdentityKeeper.class);

  private final Function<NodeIdentity, Registration> publisher;
  private final NodeConfig config;
  private final SchemeSecrets secrets;
  private final Clock clock;
  private final Timers timers;
  private final Executor worker;
  private final long activated;
  private final Registration sources;
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, new Random());

  // Guards all below. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private boolean closed;
  private Registration timer = () -> {};
  private @Nullable FormationNodeIdentity identity;
  private Registration published = () -> {};
  private String problem = "";
  private String logged = "";

  @Activate
  public IdentityKeeper(
      BundleContext context,
      NodeConfig config,
      @Reference SchemeSecrets secrets,
      @Reference Clock clock,
      @Reference Timers timers,
      @Reference Worker worker) {
    this(identity -> context.registerService(NodeIdentity.class, identity, null)::unregister, config, secrets, clock, timers,
        worker);
  }

  /** @param publisher makes the identity known, and returns how to take it back */
  IdentityKeeper(
      Function<NodeIdentity, Registration> publisher,
      NodeConfig config,
      SchemeSecrets secrets,
      Clock clock,
      Timers timers,
      Executor worker) {
    this.publisher = publisher;
    this.config = config;
    this.secrets = secrets;
    this.clock = clock;
    this.timers = timers;
    this.worker = worker;
    this.activated = clock.nanos();
    this.sources = secrets.watch(this::attemptSoon); // one that comes may be the one that was missing
    execute(this::warmUp);
    attemptSoon();
  }

  /**
   * Makes a key and a certificate for nobody. Most of what they cost the first time is loading classes, which can happen while
   * the other bundles start; afterwards everybody waits for this identity.
   */
  private void warmUp() {
    new FormationNodeIdentity(new Formation(new byte[Formation.SECRET_MIN]), "weft", "weft", clock);
  }

  /** Labels may change; name, fabric and secret need a restart, so there is nothing to do. */
  @Modified
  void modified() {}

  private void attemptSoon() {
    execute(this::attempt);
  }

  private void execute(Runnable task) {
    try {
      worker.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("identity attempt dropped reason={}", e.toString());
    }
  }

  private void attempt() {
    synchronized (lock) {
      if (closed || identity != null) {
        return;
      }
      timer.close();
    }
    try {
      FormationNodeIdentity made = make();
      register(made);
    } catch (SecretUnavailable | IllegalArgumentException e) {
      failed(e.getMessage());
    }
  }

  private FormationNodeIdentity make() throws SecretUnavailable {
    SecretReference reference = SecretReference.parse(config.identity_formation());
    byte[] bytes;
    try (Secret secret = secrets.resolve(reference)) {
      bytes = secret.copy();
    }
    try {
      return new FormationNodeIdentity(new Formation(bytes), config.fabric(), config.node_name(), clock);
    } catch (IllegalArgumentException e) {
      throw new SecretUnavailable(reference + ": " + e.getMessage() + "; write a longer one, the same on all nodes", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private void register(FormationNodeIdentity made) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      identity = made;
      problem = "";
      timer = timers.after(RENEWAL_CHECK, worker, this::renew);
    }
    log.info("identity known name={} id={} mode=formation", made.self().name(), made.self().id());
    Registration registration = publisher.apply(made);
    boolean late;
    synchronized (lock) {
      late = closed;
      published = registration;
    }
    if (late) {
      registration.close();
    }
  }

  private void failed(String message) {
    boolean early;
    boolean news;
    synchronized (lock) {
      if (closed) {
        return;
      }
      problem = message;
      early = !secrets.knows(scheme()) && clock.nanos() - activated < GRACE.toNanos();
      news = !early && !message.equals(logged);
      if (news) {
        logged = message;
      }
      timer = timers.after(backoff.next(), worker, this::attempt);
    }
    if (news) {
      log.error("identity missing problem=\"{}\" effect=\"no links until it is solved; tried again by itself\"", message);
    }
  }

  private String scheme() {
    return config.identity_formation().replaceFirst("^secret:", "").replaceFirst("/.*", "");
  }

  private void renew() {
    FormationNodeIdentity current;
    synchronized (lock) {
      if (closed || identity == null) {
        return;
      }
      current = identity;
      timer = timers.after(RENEWAL_CHECK, worker, this::renew);
    }
    if (current.renewIfDue()) {
      log.info("certificate renewed valid_until={}", current.certificate().getNotAfter().toInstant());
    }
  }

  @Override
  public List<HealthResult> check() {
    FormationNodeIdentity known;
    String why;
    synchronized (lock) {
      known = identity;
      why = problem;
    }
    if (known == null) {
      String message = why.isEmpty() ? "the formation secret is being read" : why;
      return List.of(new HealthResult("identity", HealthKind.readiness, HealthStatus.critical, message));
    }
    return List.of(
        new HealthResult("identity", HealthKind.readiness, HealthStatus.ok, "id " + known.self().id()),
        new HealthResult(
            "identity",
            HealthKind.posture,
            HealthStatus.ok,
            "formation mode: whoever has the formation secret can act as any node of the fabric; keep it on nodes only"));
  }

  @Deactivate
  void close() {
    sources.close();
    Registration registration;
    synchronized (lock) {
      closed = true;
      timer.close();
      registration = published;
      published = () -> {};
    }
    registration.close();
  }
}
