package io.weft.mesh;

import io.weft.transport.LinkStats;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures of links in the log: from time to time for those on which bytes moved, and at the end. On the mesh's loop only. */
final class Traffic {

  private static final Logger log = LoggerFactory.getLogger(Traffic.class);
  private final Map<Session, Long> logged = new HashMap<>();

  void report(Iterable<Session> sessions) {
    for (Session session : sessions) {
      long moved = session.bytesMoved(); // Of channels: signs of life are no news.
      if (moved != logged.getOrDefault(session, 0L)) {
        logged.put(session, moved);
        line("link traffic", session);
      }
    }
  }

  void ended(Session session) {
    logged.remove(session);
    line("link traffic total", session);
  }

  private static void line(String event, Session session) {
    LinkStats stats = session.link().stats();
    log.info("{} peer={} bytes_sent={} bytes_received={} packets_sent={} packets_lost={} datagrams_dropped={} channels={}", event,
        session.peer().name(), stats.bytesSent(), stats.bytesReceived(), stats.packetsSent(), stats.packetsLost(),
        stats.datagramsDropped(), session.channelCount());
  }
}
