package io.weft.discovery.basic;

import io.weft.path.Candidate;
import io.weft.path.PathRequest;
import java.util.List;

/** A and AAAA records of one host; the port is known. */
record HostLookup(String host, int port, Addresses addresses) implements Lookup {

  @Override
  public List<Candidate> candidates() throws LookupFailed {
    return addresses.of(host).stream().limit(PathRequest.CANDIDATES_MAX).map(ip -> Candidate.udp(ip, port)).toList();
  }

  @Override
  public String toString() {
    return host;
  }
}
