package io.weft.shell.noun;

import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.channel.ForwardInfo;
import io.weft.channel.ServiceInfo;
import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.Node;
import io.weft.node.NodeState;
import io.weft.path.PathInfo;
import io.weft.shell.frame.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Things of the API as JSON objects. Members may be added, but neither renamed nor removed: scripts read them. */
final class Views {

  private Views() {}

  static Map<String, @Nullable Object> node(Node node, Instant now) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", id(node));
    map.put("name", node.name());
    map.put("fabric", node.fabric());
    map.put("version", node.version());
    map.put("uptime_seconds", seconds(Duration.between(node.startedAt(), now)));
    map.put("state", node.state().name());
    map.put("shared_digest", node.sharedDigest());
    return map;
  }

  /** Two members, in this order. */
  static Map<String, Object> pair(String first, Object a, String second, Object b) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(first, a);
    map.put(second, b);
    return map;
  }

  /** Null while the identity is not known. */
  static @Nullable String id(Node node) {
    try {
      return node.id().value();
    } catch (IllegalStateException e) {
      return null;
    }
  }

  static Map<String, @Nullable Object> link(LinkInfo link) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("peer", link.peer());
    map.put("peer_id", link.peerId().value());
    map.put("state", link.state().toString());
    map.put("path", link.path() == null ? null : path(link.path(), link.rttMillis()));
    map.put("channels", link.channels());
    map.put("bytes_sent", link.bytesSent());
    map.put("bytes_received", link.bytesReceived());
    map.put("since", link.since().toString());
    map.put("reason", link.reason() == null ? null : link.reason().code());
    map.put("detail", link.reason() == null || link.reason().detail().isEmpty() ? null : link.reason().detail());
    map.put("transport", link.transport());
    map.put("attempts", link.attempts());
    map.put("dialed", link.dialed());
    map.put("shared_digest", link.sharedDigest());
    return map;
  }

  private static Map<String, @Nullable Object> path(PathInfo path, double rtt) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("type", path.type().name());
    map.put("local", path.local().name());
    map.put("remote", path.remote().name());
    map.put("rtt_ms", rtt < 0 ? null : Math.round(rtt * 1000) / 1000.0);
    map.put("address", path.remoteAddress());
    return map;
  }

  static Map<String, Object> channel(ChannelInfo channel) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", channel.id());
    map.put("peer", channel.peer());
    map.put("service", channel.service());
    map.put("kind", kind(channel.kind()));
    map.put("origin", channel.origin());
    map.put("opened", channel.opened());
    map.put("bytes_sent", channel.bytesSent());
    map.put("bytes_received", channel.bytesReceived());
    map.put("waiting", channel.waiting());
    map.put("send_window", channel.sendWindow());
    map.put("since", channel.since().toString());
    return map;
  }

  static Map<String, @Nullable Object> service(ServiceInfo service) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", service.name());
    map.put("kind", kind(service.kind()));
    map.put("exposed", service.exposed());
    map.put("peers", service.peers());
    map.put("target", service.target());
    return map;
  }

  static Map<String, Object> forward(ForwardInfo forward) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("service", forward.service());
    map.put("at", forward.at());
    map.put("kind", kind(forward.kind()));
    map.put("address", forward.address());
    map.put("bound", forward.bound());
    map.put("problem", forward.problem());
    map.put("configured", forward.configured());
    map.put("active", forward.active());
    map.put("total", forward.total());
    return map;
  }

  static Map<String, Object> listener(Listener listener) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("address", listener.address());
    map.put("protocol", listener.protocol());
    map.put("role", listener.role());
    return map;
  }

  static Map<String, Object> health(HealthResult result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", result.name());
    map.put("status", result.status().name());
    map.put("message", result.message());
    map.put("kind", result.kind().name());
    return map;
  }

  /** Tenths of seconds are enough for a lifetime. */
  static double seconds(Duration duration) {
    return Math.round(duration.toMillis() / 100.0) / 10.0;
  }

  /** As weft.yaml says it: what carries a stream here is TCP, what carries datagrams is UDP. */
  static String kind(ChannelKind kind) {
    return kind == ChannelKind.stream ? "tcp" : "udp";
  }

  static Cell state(LinkState state) {
    return switch (state) {
      case up -> Cell.good(state.toString());
      case degraded, gathering, connecting, created -> Cell.warn(state.toString());
      case failed, backoff -> Cell.bad(state.toString());
      case closed -> Cell.dim(state.toString());
    };
  }

  static Cell state(NodeState state) {
    return state == NodeState.ready ? Cell.good(state.name()) : Cell.warn(state.name());
  }

  static Cell status(HealthStatus status) {
    return switch (status) {
      case ok -> Cell.good(status.name());
      case warn, unknown -> Cell.warn(status.name());
      case critical -> Cell.bad(status.name());
    };
  }
}
