package io.weft.path.ice;

import io.netty.util.NetUtil;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes candidates, the data of {@code candidate} signals: {@code {"c":[{"kind":"host","ip":"192.0.2.7","port":7450,"prio":1}]}}. */
final class Notes {

  static final int CANDIDATES_MAX = 16;

  private static final int LENGTH_MAX = 4_096;
  private static final long PRIORITY_MAX = Integer.MAX_VALUE;

  private Notes() {}

  static byte[] encode(List<RemoteAddress> candidates) {
    List<Object> list = new ArrayList<>();
    for (RemoteAddress candidate : candidates) {
      list.add(
          Map.of("kind", candidate.kind().name(), "ip", candidate.address().getAddress().getHostAddress(),
              "port", candidate.address().getPort(), "prio", candidate.priority()));
    }
    return Json.compact(Map.of("c", list)).getBytes(StandardCharsets.UTF_8);
  }

  /** @throws IllegalArgumentException if these are not 1 to {@link #CANDIDATES_MAX} candidates by IP literal; nothing is looked up */
  static List<RemoteAddress> decode(byte[] data) {
    if (data.length > LENGTH_MAX) {
      throw new IllegalArgumentException("candidates of more than " + LENGTH_MAX + " bytes");
    }
    Map<?, ?> map = map(JsonReader.read(new String(data, StandardCharsets.UTF_8)));
    if (!(map.get("c") instanceof List<?> list) || list.isEmpty() || list.size() > CANDIDATES_MAX) {
      throw new IllegalArgumentException("expected 1 to " + CANDIDATES_MAX + " candidates");
    }
    return list.stream().map(entry -> candidate(map(entry))).toList();
  }

  private static RemoteAddress candidate(Map<?, ?> map) {
    CandidateKind kind = CandidateKind.valueOf(text(map, "kind"));
    long port = number(map, "port");
    long priority = number(map, "prio");
    byte[] ip = NetUtil.createByteArrayFromIpAddressString(text(map, "ip"));
    if (ip == null || port < 1 || port > 65_535 || priority < 1 || priority > PRIORITY_MAX || kind == CandidateKind.prflx) {
      throw new IllegalArgumentException("a candidate has a kind, an IP address, a port and a priority");
    }
    try {
      return new RemoteAddress(kind, new InetSocketAddress(InetAddress.getByAddress(ip), (int) port), priority);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("expected an object");
  }

  static String text(Map<?, ?> map, String key) {
    if (map.get(key) instanceof String text && text.length() <= 256) {
      return text;
    }
    throw new IllegalArgumentException("expected a text as " + key);
  }

  static long number(Map<?, ?> map, String key) {
    if (map.get(key) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("expected a number as " + key);
  }
}
