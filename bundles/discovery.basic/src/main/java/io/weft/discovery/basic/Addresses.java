package io.weft.discovery.basic;

import io.weft.discovery.basic.Lookup.LookupFailed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the addresses of a host. Blocks. */
interface Addresses {

  /** IP literals, IPv4 first, sorted: name servers shuffle their answers, and that must not look like news. */
  List<String> of(String host) throws LookupFailed;

  Comparator<String> ORDER = Comparator.comparing((String ip) -> ip.indexOf(':') >= 0).thenComparing(Comparator.naturalOrder());

  /** As the system is set up: hosts file, name servers, the JDK's cache of 30 s. */
  static Addresses ofTheSystem() {
    return host -> {
      try {
        List<String> found = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
          String ip = address.getHostAddress();
          int zone = ip.indexOf('%');
          found.add(zone < 0 ? ip : ip.substring(0, zone));
        }
        found.sort(ORDER);
        return found;
      } catch (UnknownHostException e) {
        throw new LookupFailed("no address of " + host, e);
      }
    };
  }
}
