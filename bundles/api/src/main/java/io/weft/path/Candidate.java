package io.weft.path;

/**
 * An address that may reach a peer. Of the highest priority first; equal ones in the order in which they were observed.
 *
 * @param network the kind of address: {@code udp} (host is an IP literal, never a name) or {@code memory} (host is a name)
 * @param priority 0 to 2^31-1
 */
public record Candidate(String network, CandidateKind kind, String host, int port, int priority) {

  public static final String UDP = "udp";
  public static final String MEMORY = "memory";
  public static final int DEFAULT_PRIORITY = 128;

  public Candidate {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is out of range, 0 to 65535");
    }
    if (priority < 0) {
      throw new IllegalArgumentException("priority " + priority + " is negative");
    }
    if (host.isEmpty() || host.length() > 253) {
      throw new IllegalArgumentException("a candidate's host has 1 to 253 characters");
    }
  }

  /** A host candidate on UDP with the default priority; {@code ip} is an IPv4 or IPv6 literal. */
  public static Candidate udp(String ip, int port) {
    return new Candidate(UDP, CandidateKind.host, ip, port, DEFAULT_PRIORITY);
  }

  @Override
  public String toString() {
    return network + ":" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/" + kind;
  }
}
