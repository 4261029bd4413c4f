package io.weft.discovery.basic;

import io.weft.discovery.basic.Lookup.LookupFailed;
import io.weft.support.HostPort;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a name server for records, with the JDK's own DNS client (JNDI). Only whole records are read as text; nothing that an answer
 * names is loaded or called.
 */
final class NameServer implements Addresses {

  private static final String TIMEOUT = "com.sun.jndi.dns.timeout.initial";
  private static final String TRIES = "com.sun.jndi.dns.timeout.retries";
  private static final int RECORDS_MAX = 64;

  private final @Nullable HostPort server;
  private final int timeoutMillis;

  /** @param server null for those that the system is set up with */
  NameServer(@Nullable HostPort server, int timeoutMillis) {
    this.server = server;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  public List<String> of(String host) throws LookupFailed {
    List<String> found = new ArrayList<>();
    records(host, "A").stream().filter(HostPort::isIpv4).forEach(found::add);
    records(host, "AAAA").stream().filter(HostPort::isIpv6).forEach(found::add);
    if (found.isEmpty()) {
      throw new LookupFailed("no address of " + host);
    }
    found.sort(ORDER);
    return found;
  }

  /** Records of that type as text, at most 64; empty if there is none. */
  List<String> records(String name, String type) throws LookupFailed {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, server == null ? "dns:" : "dns://" + server);
    environment.put(TIMEOUT, Integer.toString(timeoutMillis));
    environment.put(TRIES, "2");
    try {
      InitialDirContext context = new InitialDirContext(environment);
      try {
        return text(context.getAttributes(name, new String[] {type}).get(type));
      } finally {
        context.close();
      }
    } catch (NameNotFoundException e) {
      throw new LookupFailed("there is no name " + name, e);
    } catch (NamingException e) {
      throw new LookupFailed("no answer for " + name + " from " + (server == null ? "the name servers" : server), e);
    }
  }

  /** Whether it is made of what names in DNS are made of; nothing else is given to the client, which knows more syntax than we want. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= 253
        && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.".indexOf(c) >= 0)
        && !name.startsWith(".")
        && !name.contains("..");
  }

  private static List<String> text(@Nullable Attribute records) throws NamingException {
    List<String> text = new ArrayList<>();
    if (records == null) {
      return text;
    }
    NamingEnumeration<?> all = records.getAll();
    while (all.hasMore() && text.size() < RECORDS_MAX) {
      text.add(String.valueOf(all.next()));
    }
    return text;
  }
}
