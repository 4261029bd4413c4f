package io.weft.forward;

import io.weft.channel.ChannelKind;

/**
 * The one of {@code tcp}, {@code udp} and {@code http} that an entry has.
 *
 * @param wrong why there is not exactly one, for people; empty if there is
 */
record OneOf(ChannelKind kind, String text, String wrong) {

  static OneOf of(String tcp, String udp, String http) {
    String text = tcp + udp + http;
    if (text.isEmpty()) {
      return new OneOf(ChannelKind.stream, "", "expected one of tcp, udp and http");
    }
    if (!text.equals(tcp) && !text.equals(udp) && !text.equals(http)) {
      return new OneOf(ChannelKind.stream, tcp.isEmpty() ? udp : tcp, "expected only one of tcp, udp and http");
    }
    return new OneOf(udp.isEmpty() ? ChannelKind.stream : ChannelKind.datagram, text, "");
  }
}
