package io.weft.testkit.network;

import io.weft.testkit.network.NatBehaviour.Dependence;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A router that translates addresses, with hosts inside. */
public final class VirtualNat extends Plugged implements Place {

  private static final Duration LIFE = Duration.ofSeconds(120);
  private static final int MOVED_FROM = 20_000;
  private static final int REBOUND_BY = 1_000;
  private static final int PORTS = 64_512;
  private static final int FIRST_PORT = 1_024;

  private final VirtualNetwork network;
  private final NatBehaviour behaviour;
  private final Segment inside;
  private final SplittableRandom random;
  private final Map<List<Object>, Mapping> mappings = new HashMap<>();
  private final Map<Integer, Mapping> byPort = new HashMap<>();

  // Of an open input: which remote end took which port, and until when.
  private final Map<List<Object>, Long> taken = new HashMap<>();

  private Duration life = LIFE;
  private int nextPort = MOVED_FROM;
  private int shift;
  private long filtered;

  /** What one inside address and port (and, as the behaviour says, remote end) is outside. */
  private static final class Mapping {

    final List<Object> key;
    final InetSocketAddress within;
    final int port;
    final Map<Object, Long> sentTo = new HashMap<>();
    long usedNanos;

    Mapping(List<Object> key, InetSocketAddress within, int port) {
      this.key = key;
      this.within = within;
      this.port = port;
    }
  }

  VirtualNat(Segment outside, String name, NatBehaviour behaviour, String address) {
    super(outside, name, address);
    this.network = outside.network();
    this.behaviour = behaviour;
    this.inside = new Segment(network, this::outward, false);
    this.random = network.random().split();
  }

  @Override
  public VirtualHost host(String name, String... addresses) {
    return new VirtualHost(inside, name, addresses);
  }

  @Override
  public VirtualNat nat(String name, NatBehaviour kind, String address) {
    return new VirtualNat(inside, name, kind, address);
  }

  public NatBehaviour behaviour() {
    return behaviour;
  }

  /** How long a mapping lives after the last packet, either way; 120 s if nothing is said. */
  public void life(Duration life) {
    this.life = life;
  }

  /** Forgets all mappings; new ones get other ports. */
  public void rebind() {
    mappings.clear();
    byPort.clear();
    taken.clear();
    shift += REBOUND_BY;
    nextPort += REBOUND_BY;
  }

  /** As {@link #rebind()}, with another address outside. */
  public void rebind(String address) {
    rebind();
    plug(segment(), address);
  }

  /** Mappings that are alive. */
  public int mappings() {
    mappings.values().removeIf(mapping -> !isAlive(mapping.usedNanos));
    return mappings.size();
  }

  /** Packets from outside that were not let in. */
  public long filtered() {
    return filtered;
  }

  Segment inside() {
    return inside;
  }

  /** From inside to somewhere else. */
  private void outward(Packet packet) {
    boolean turnsBack = has(packet.to().getAddress());
    if (turnsBack && !behaviour.hairpin()) {
      filtered++;
      return;
    }
    if (!packet.mayHop()) {
      network.expire();
      return;
    }
    Mapping mapping = mappingFor(packet.from(), packet.to());
    mapping.usedNanos = network.time().nanos();
    mapping.sentTo.put(part(behaviour.filtering(), packet.to()), mapping.usedNanos);
    Packet outside = packet.hop().from(new InetSocketAddress(first(), mapping.port));
    if (turnsBack) {
      inward(outside, true);
    } else {
      emit(outside);
    }
  }

  @Override
  void arrived(Packet packet) {
    inward(packet, false);
  }

  /** From outside; what turned back inside passes no filter. */
  private void inward(Packet packet, boolean turnedBack) {
    int port = packet.to().getPort();
    Mapping mapping = alive(byPort.get(port));
    if (mapping == null || !turnedBack && !admits(mapping, packet.from())) {
      filtered++;
      if (behaviour.openInput()) {
        taken.values().removeIf(since -> !isAlive(since));
        taken.put(List.of(port, packet.from()), network.time().nanos());
      }
      return;
    }
    mapping.usedNanos = network.time().nanos();
    mapping.sentTo.computeIfPresent(part(behaviour.filtering(), packet.from()), (remote, before) -> mapping.usedNanos);
    inside.route(packet.to(mapping.within));
  }

  private boolean admits(Mapping mapping, InetSocketAddress from) {
    if (behaviour.filtering() == Dependence.nothing) {
      return true;
    }
    Long sent = mapping.sentTo.get(part(behaviour.filtering(), from));
    return sent != null && isAlive(sent);
  }

  private Mapping mappingFor(InetSocketAddress within, InetSocketAddress remote) {
    List<Object> own = List.of(within, remote);
    Mapping mapping = alive(mappings.get(own));
    if (mapping != null) {
      return mapping;
    }
    List<Object> key = List.of(within, part(behaviour.mapping(), remote));
    mapping = alive(mappings.get(key));
    if (mapping == null) {
      mapping = add(key, within, freePort(within.getPort()));
    }
    // Somebody else's packet from there already has this port to itself, so this flow, and only this one, gets another.
    Long since = taken.get(List.of(mapping.port, remote));
    return since != null && isAlive(since) ? add(own, within, freePort(mapping.port)) : mapping;
  }

  private Mapping add(List<Object> key, InetSocketAddress within, int port) {
    Mapping mapping = new Mapping(key, within, port);
    mappings.put(key, mapping);
    byPort.put(port, mapping);
    return mapping;
  }

  private @Nullable Mapping alive(@Nullable Mapping mapping) {
    if (mapping == null || isAlive(mapping.usedNanos)) {
      return mapping;
    }
    mappings.remove(mapping.key);
    byPort.remove(mapping.port);
    return null;
  }

  private boolean isAlive(long since) {
    return network.time().nanos() - since <= life.toNanos();
  }

  private int freePort(int wanted) {
    for (int tries = 0; tries < PORTS; tries++) {
      int port = inRange(switch (behaviour.ports()) {
        case kept -> wanted + shift + tries;
        case moved -> nextPort++;
        case random -> random.nextInt(PORTS);
      });
      if (alive(byPort.get(port)) == null) {
        return port;
      }
    }
    throw new IllegalStateException("all ports of " + name() + " are in use");
  }

  private static int inRange(int port) {
    return FIRST_PORT + Math.floorMod(port - FIRST_PORT, PORTS);
  }

  private static Object part(Dependence dependence, InetSocketAddress remote) {
    return switch (dependence) {
      case nothing -> "";
      case address -> remote.getAddress();
      case address_and_port -> remote;
    };
  }
}
