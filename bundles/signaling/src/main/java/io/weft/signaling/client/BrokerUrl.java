package io.weft.signaling.client;

import io.weft.support.HostPort;
import java.util.Locale;

/** Where a broker is. */
record BrokerUrl(boolean tls, HostPort host) {

  /** @throws IllegalArgumentException with one line that says what is wrong and how it should look */
  static BrokerUrl parse(String url) {
    String text = url.trim();
    String lower = text.toLowerCase(Locale.ROOT);
    boolean tls = lower.startsWith("https://");
    if (!tls && !lower.startsWith("http://")) {
      throw new IllegalArgumentException("a broker is http://HOST:PORT or https://HOST:PORT");
    }
    String rest = text.substring(tls ? 8 : 7);
    String authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    boolean withPort = authority.startsWith("[") ? !authority.endsWith("]") : authority.indexOf(':') >= 0;
    return new BrokerUrl(tls, HostPort.parse(withPort ? authority : authority + (tls ? ":443" : ":80")));
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + host;
  }
}
