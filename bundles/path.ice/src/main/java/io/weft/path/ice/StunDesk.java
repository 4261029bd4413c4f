package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.DatagramPort.PacketHandler;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.Transaction;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives STUN packets to whom they belong: requests by the name of the attempt in them, answers by their transaction. All else is
 * counted and dropped; nobody unknown gets an answer. Any thread.
 */
final class StunDesk implements PacketHandler {

  private static final int ASKED_MAX = 8_192;

  /** Gets the requests of one attempt, unproved. */
  interface Server {

    void request(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from);
  }

  /** Gets the answer to a request, unproved. */
  interface Asker {

    void answer(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from);
  }

  private final Wire port;
  private final IceCounters counters;
  private final Map<String, Server> servers = new ConcurrentHashMap<>();
  // Guarded by itself; nothing is called while it is held. What is never answered falls out at the end.
  private final Map<Transaction, Asker> asked =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Transaction, Asker> eldest) {
          return size() > ASKED_MAX;
        }
      };

  StunDesk(Wire port, IceCounters counters) {
    this.port = port;
    this.counters = counters;
  }

  /** Requests whose USERNAME begins with this name and a colon. */
  Registration serve(String ufrag, Server server) {
    servers.put(ufrag, server);
    return () -> servers.remove(ufrag, server);
  }

  /** One answer, the first. */
  void expect(Transaction transaction, Asker asker) {
    synchronized (asked) {
      asked.put(transaction, asker);
    }
  }

  /** What this asker waits for will not be wanted any more. */
  void forget(Asker asker) {
    synchronized (asked) {
      asked.values().removeIf(a -> a == asker);
    }
  }

  /** Attempts that are served, and questions that wait for an answer; for tests. */
  int held() {
    synchronized (asked) {
      return servers.size() + asked.size();
    }
  }

  @Override
  public boolean packet(ByteBuf packet, InetSocketAddress from) {
    return packet(port, packet, from);
  }

  /** A packet that came on that wire; only lent. Returns whether it is STUN, known or not. */
  boolean packet(Wire on, ByteBuf packet, InetSocketAddress from) {
    if (!StunMessage.looksLike(packet)) {
      return false;
    }
    StunMessage message;
    try {
      message = StunMessage.decode(packet);
    } catch (MalformedStun e) {
      counters.add(IceCounters.STUN_MALFORMED);
      return true;
    }
    if (message.kind() == Kind.request) {
      return request(on, message, packet, from);
    }
    if (message.kind() == Kind.indication) {
      return message.is(Kind.indication, Stun.BINDING);
    }
    Asker asker;
    synchronized (asked) {
      asker = asked.remove(message.transaction());
    }
    if (asker == null) {
      return false;
    }
    asker.answer(on, message, packet, from);
    return true;
  }

  private boolean request(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    String user = message.text(Stun.USERNAME);
    if (message.method() != Stun.BINDING || user == null) {
      return false; // Somebody else's, such as a STUN server's on the same port.
    }
    int colon = user.indexOf(':');
    Server server = servers.get(colon < 0 ? user : user.substring(0, colon));
    if (server == null) {
      counters.add(IceCounters.STUN_UNKNOWN);
      return false;
    }
    server.request(on, message, packet, from);
    return true;
  }
}
