package io.weft.forward;

import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.support.Backoff;
import io.weft.transport.RawChannels;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service that peers may use. Registers it, again and again if another entry has the name. */
final class Exposed {

  private static final Logger log = LoggerFactory.getLogger(Exposed.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(500);
  private static final Duration RETRY_MOST = Duration.ofSeconds(30);

  private final Tools tools;
  private final ExposeSpec spec;
  private final Traffic traffic = new Traffic();
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, ThreadLocalRandom.current());
  private volatile String problem;

  // Guarded by this; held while registering, which calls nothing of ours back.
  private boolean closed;
  private Registration registration = () -> {};
  private Registration retry = () -> {};

  Exposed(Tools tools, ExposeSpec spec) {
    this.tools = tools;
    this.spec = spec;
    this.problem = spec.wrong();
  }

  void start(Left left) {
    ExposedService service = spec.service();
    InetSocketAddress target = spec.target();
    if (service == null || target == null) {
      log.warn("service not exposed service={} problem=\"{}\"", spec.name().replaceAll("\\p{Cntrl}", "?"), spec.wrong());
    } else {
      serve(service, target, left.registration());
      if (service.kind() == ChannelKind.stream) {
        TcpTarget heir = new TcpTarget(tools, traffic, target);
        left.connections(moving -> heir.inherit(moving, service.allows(moving.channel().peer().name())));
      } else {
        left.connections(moving -> log.warn("a flow of datagrams does not move service={}", service.name()));
      }
    }
  }

  /** What the next version can take. */
  synchronized Left leave() {
    return Left.ofService(registration, traffic);
  }

  /** Completes when the next version has the service and all its connections. */
  CompletableFuture<Void> moved() {
    return traffic.moved();
  }

  private synchronized void serve(ExposedService service, InetSocketAddress target, @Nullable Registration inPlaceOf) {
    if (closed) {
      return;
    }
    try {
      RawChannels.Acceptor acceptor = acceptor(service.kind(), target);
      registration = inPlaceOf == null ? tools.channels().serve(service, acceptor) : tools.channels().serve(service, acceptor, inPlaceOf);
      problem = "";
      log.info("service exposed service={} kind={} target=\"{}\" allow={}", service.name(), service.kind(), service.target(), service.allow());
    } catch (IllegalStateException e) {
      String why = "another entry exposes " + service.name() + " already: rename one of them";
      if (!why.equals(problem)) {
        log.warn("service not exposed service={} problem=\"{}\"", service.name(), why);
      }
      problem = why;
      retry = tools.timers().after(backoff.next(), Runnable::run, () -> serve(service, target, null));
    }
  }

  /** Stops serving and cuts what is open; completes when nothing is left. */
  CompletionStage<Void> close(Reason reason) {
    synchronized (this) {
      closed = true;
      retry.close();
      registration.close();
    }
    return traffic.close(reason);
  }

  ExposeSpec spec() {
    return spec;
  }

  Traffic traffic() {
    return traffic;
  }

  /** Empty if it is exposed. */
  String problem() {
    return problem;
  }

  private RawChannels.Acceptor acceptor(ChannelKind kind, InetSocketAddress target) {
    return kind == ChannelKind.datagram ? new UdpTarget(tools, traffic, target) : new TcpTarget(tools, traffic, target);
  }
}
