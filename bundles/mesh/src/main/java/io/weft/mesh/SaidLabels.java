package io.weft.mesh;

import io.weft.link.PeerLabels;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Labels that this node says over its links, and those that peers say. Any thread. */
final class SaidLabels {

  private final Map<String, Map<String, String>> byPeer = new ConcurrentHashMap<>();

  /** What a node with these labels says: few of them, since every label goes to every peer. */
  static Map<String, String> toSay(Map<String, String> own) {
    Map<String, String> said = new TreeMap<>(own);
    said.keySet().retainAll(PeerLabels.SAID);
    return Map.copyOf(said);
  }

  void said(String peer, Map<String, String> labels) {
    Map<String, String> known = toSay(labels);
    if (known.isEmpty()) {
      byPeer.remove(peer);
    } else {
      byPeer.put(peer, known);
    }
  }

  /** Nobody knows the peer any more. */
  void forget(String peer) {
    byPeer.remove(peer);
  }

  Map<String, Map<String, String>> all() {
    return Map.copyOf(byPeer);
  }
}
