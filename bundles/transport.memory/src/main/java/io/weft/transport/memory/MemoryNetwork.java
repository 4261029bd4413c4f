package io.weft.transport.memory;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What the nodes of one process are plugged into, and where a test pulls the plugs. Any thread.
 *
 * <p>An object and not a static map: who shares it shares the network, and two tests never meet. In a framework it is one
 * component that all transports there share. Nodes in two frameworks of one JVM could not meet in a static map either, because
 * each framework loads a copy of its own of every class that would cross; they have UDP.
 */
@Component(name = "weft.transport.memory.network", service = MemoryNetwork.class)
public final class MemoryNetwork {

  private record Direction(String from, String to) {}

  private final Map<String, MemoryTransport> nodes = new ConcurrentHashMap<>();
  // Guards itself. Taken alone.
  private final Set<Direction> blocked = new HashSet<>();
  private final Map<Direction, Weather> weather = new ConcurrentHashMap<>();
  // Guards itself. Taken alone.
  private final RandomGenerator random;

  @Activate
  public MemoryNetwork() {
    this(new SplittableRandom());
  }

  /** @param random draws which frames are lost, and how late datagrams are */
  public MemoryNetwork(RandomGenerator random) {
    this.random = random;
  }

  /** From now on nothing that one node sends reaches the other: streams are held back, datagrams lost. Nobody is told. */
  public void block(String from, String to) {
    synchronized (blocked) {
      blocked.add(new Direction(from, to));
    }
  }

  /** Undoes {@link #block}: what streams held back arrives. */
  public void unblock(String from, String to) {
    synchronized (blocked) {
      blocked.remove(new Direction(from, to));
    }
    nodes.values().forEach(MemoryTransport::resume);
  }

  /** What happens from now on to what one node sends to the other; {@link Weather#CALM} ends it. */
  public void weather(String from, String to, Weather now) {
    weather.put(new Direction(from, to), now);
  }

  /** Takes a node out of the network as {@code kill -9} would: it is told nothing and nobody is told. */
  public void kill(String name) {
    MemoryTransport node = nodes.remove(name);
    if (node != null) {
      node.die();
    }
  }

  boolean isBlocked(String from, String to) {
    synchronized (blocked) {
      return blocked.contains(new Direction(from, to));
    }
  }

  Weather weather(String from, String to) {
    return weather.getOrDefault(new Direction(from, to), Weather.CALM);
  }

  Wire.Way way(String from, String to) {
    return new Wire.Way() {
      @Override
      public boolean isBlocked() {
        return MemoryNetwork.this.isBlocked(from, to);
      }

      @Override
      public Weather weather() {
        return MemoryNetwork.this.weather(from, to);
      }

      @Override
      public double chance() {
        synchronized (random) {
          return random.nextDouble();
        }
      }
    };
  }

  Optional<MemoryTransport> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  void join(String name, MemoryTransport node) {
    if (nodes.putIfAbsent(name, node) != null) {
      throw new IllegalStateException("a node named " + name + " is in this network already");
    }
  }

  void leave(String name, MemoryTransport node) {
    nodes.remove(name, node);
  }
}
