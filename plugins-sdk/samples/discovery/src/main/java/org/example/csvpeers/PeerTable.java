package org.example.csvpeers;

import io.weft.discovery.Observation;
import io.weft.node.Names;
import io.weft.path.Candidate;
import io.weft.support.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the file says: a line per peer with its name, its addresses and its labels, separated by commas; several addresses or labels by
 * blanks. Lines that begin with # and empty ones count for nothing.
 *
 * @param peers by name
 * @param problems one line for each that is wrong; such lines are left out
 */
record PeerTable(Map<String, Observation> peers, List<String> problems) {

  private static final int PEERS_MAX = 1_000;
  private static final int PROBLEMS_MAX = 10;
  private static final int COLUMNS = 3;

  static PeerTable parse(String text) {
    Map<String, Observation> peers = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length && problems.size() < PROBLEMS_MAX; i++) {
      String line = lines[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        Observation peer = peer(line);
        if (peers.size() == PEERS_MAX) {
          throw new IllegalArgumentException("there are more than " + PEERS_MAX + " peers; the rest is left out");
        }
        if (peers.putIfAbsent(peer.peer(), peer) != null) {
          throw new IllegalArgumentException(peer.peer() + " has a line already; join the two");
        }
      } catch (IllegalArgumentException e) {
        problems.add("line " + (i + 1) + ": " + e.getMessage());
      }
    }
    return new PeerTable(peers, List.copyOf(problems));
  }

  private static Observation peer(String line) {
    String[] columns = line.split(",", -1);
    if (columns.length > COLUMNS) {
      throw new IllegalArgumentException("expected name,addresses,labels; separate several addresses or labels by blanks");
    }
    List<Candidate> candidates = new ArrayList<>();
    for (String word : words(columns, 1)) {
      HostPort address = HostPort.parse(word);
      if (!address.isLiteral()) {
        throw new IllegalArgumentException(address + " is a name; write its IP address");
      }
      candidates.add(Candidate.udp(address.host(), address.port()));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (String word : words(columns, 2)) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("a label is key=value");
      }
      labels.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Observation(Names.check("the name", columns[0].strip()), candidates, labels, Duration.ZERO);
  }

  private static List<String> words(String[] columns, int column) {
    String text = columns.length > column ? columns[column].strip() : "";
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
  }
}
