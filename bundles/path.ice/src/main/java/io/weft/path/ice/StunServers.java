package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.NatReport;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers how they see this node's port. All attempts share the answers, since all share the port. A question is asked again until
 * there is an answer or the time is up. On the loop only.
 */
final class StunServers implements StunDesk.Asker {

  private static final long FRESH = Duration.ofMillis(500).toNanos();
  private static final long[] REPEATS_MS = {100, 200, 400, 800, 1_000, 1_000, 1_500};
  private static final int SERVERS_MAX = 8;
  private static final int LOCAL_PREFERENCE = 65_535;

  /** One server and what came of the last question. */
  private static final class Server {

    private final InetSocketAddress address;
    private @Nullable InetSocketAddress mapped;
    private boolean answered;
    private int asked;
    private Registration repeat = () -> {};

    Server(InetSocketAddress address) {
      this.address = address;
    }
  }

  private final Core core;
  private final Map<InetSocketAddress, Server> servers = new LinkedHashMap<>();
  private final Map<Transaction, Server> questions = new LinkedHashMap<>();
  private final List<Consumer<RemoteAddress>> listeners = new ArrayList<>();
  private final List<Runnable> ends = new ArrayList<>();
  private List<InetSocketAddress> hosts = List.of();
  private long finished = Pair.NEVER;
  private int open;

  StunServers(Core core) {
    this.core = core;
  }

  /** The servers that there are now, looked up already. */
  void servers(Set<InetSocketAddress> addresses) {
    servers.keySet().removeIf(known -> !addresses.contains(known));
    addresses.stream().limit(SERVERS_MAX).forEach(address -> servers.computeIfAbsent(address, Server::new));
  }

  Set<InetSocketAddress> servers() {
    return Set.copyOf(servers.keySet());
  }

  /** Addresses of this node itself, to tell whether there is a NAT at all. */
  void hosts(List<InetSocketAddress> own) {
    hosts = List.copyOf(own);
  }

  /** Tells what the servers see, each address once, and when no more will come. */
  void measure(Consumer<RemoteAddress> found, Runnable end) {
    boolean fresh = core.clock().nanos() - finished < FRESH;
    if (open == 0 && (fresh || servers.isEmpty())) {
      mapped().forEach(found);
      end.run();
      return;
    }
    listeners.add(found);
    ends.add(end);
    if (open == 0) {
      open = servers.size();
      List.copyOf(servers.values()).forEach(server -> {
        server.asked = 0;
        server.answered = false;
        server.mapped = null;
        ask(server);
      });
    } else {
      mapped().forEach(found);
    }
  }

  private void ask(Server server) {
    Transaction transaction = Transaction.draw(core.random());
    questions.put(transaction, server);
    core.desk().expect(transaction, this);
    core.wire().send(StunWriter.of(Kind.request, Stun.BINDING, transaction).fingerprint().finish(), server.address);
    if (server.asked < REPEATS_MS.length) {
      server.repeat = core.timers().after(Duration.ofMillis(REPEATS_MS[server.asked++]), core.loop(), () -> ask(server));
    } else {
      server.repeat = core.timers().after(Duration.ofMillis(500), core.loop(), () -> over(server));
    }
  }

  @Override
  public void answer(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    Server server = questions.remove(message.transaction());
    if (server == null || server.answered || !from.equals(server.address) || message.kind() != Kind.success) {
      return;
    }
    InetSocketAddress seen = message.address(Stun.XOR_MAPPED_ADDRESS);
    if (seen == null) {
      return;
    }
    boolean news = servers.values().stream().noneMatch(s -> seen.equals(s.mapped));
    server.mapped = seen;
    if (news) {
      int preference = LOCAL_PREFERENCE - (int) servers.values().stream().filter(s -> s.mapped != null).count();
      RemoteAddress found = new RemoteAddress(CandidateKind.srflx, seen, Ice.priority(CandidateKind.srflx, preference));
      List.copyOf(listeners).forEach(listener -> listener.accept(found));
    }
    over(server);
  }

  private void over(Server server) {
    if (server.answered) {
      return;
    }
    server.answered = true;
    server.repeat.close();
    questions.values().removeIf(s -> s == server);
    if (--open > 0) {
      return;
    }
    finished = core.clock().nanos();
    listeners.clear();
    List<Runnable> done = List.copyOf(ends);
    ends.clear();
    done.forEach(Runnable::run);
  }

  List<RemoteAddress> mapped() {
    Set<InetSocketAddress> distinct = new LinkedHashSet<>();
    servers.values().forEach(server -> {
      if (server.mapped != null) {
        distinct.add(server.mapped);
      }
    });
    List<RemoteAddress> all = new ArrayList<>();
    for (InetSocketAddress address : distinct) {
      all.add(new RemoteAddress(CandidateKind.srflx, address, Ice.priority(CandidateKind.srflx, LOCAL_PREFERENCE - all.size())));
    }
    return all;
  }

  NatKind kind() {
    List<InetSocketAddress> seen = servers.values().stream().map(s -> s.mapped).filter(m -> m != null).toList();
    if (seen.isEmpty()) {
      return servers.isEmpty() || finished == Pair.NEVER ? NatKind.unknown : NatKind.blocked;
    }
    if (hosts.containsAll(seen)) {
      return NatKind.none;
    }
    Map<Class<?>, List<InetSocketAddress>> byFamily = seen.stream().collect(Collectors.groupingBy(s -> s.getAddress().getClass()));
    if (byFamily.values().stream().anyMatch(same -> same.stream().distinct().count() > 1)) {
      return NatKind.address_dependent;
    }
    return byFamily.values().stream().anyMatch(same -> same.size() > 1) ? NatKind.endpoint_independent : NatKind.unknown;
  }

  NatReport report() {
    List<String> asked = servers.values().stream()
        .map(s -> Pair.text(s.address) + (s.mapped == null ? ": no answer" : ": sees " + Pair.text(s.mapped)))
        .toList();
    return new NatReport(kind(), mapped().stream().map(m -> Pair.text(m.address())).toList(), asked);
  }

  void close() {
    servers.values().forEach(server -> server.repeat.close());
    questions.clear();
    listeners.clear();
    List.copyOf(ends).forEach(Runnable::run);
    ends.clear();
    open = 0;
    core.desk().forget(this);
  }
}
