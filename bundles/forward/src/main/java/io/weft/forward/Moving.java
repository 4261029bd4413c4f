package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import io.weft.transport.RawChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * An open connection between two turns of its loop, on its way from one version of this bundle to the next. Nothing is under way in it but
 * what the socket and the channel hold themselves.
 *
 * @param held what the application sent and the channel did not take yet; the heir's to release
 * @param socketFinished the application sent its last byte
 * @param channelFinished the peer sent its last byte
 * @param finishSent the peer was told of the application's last byte
 * @param outputClosed the application was told of the peer's
 */
record Moving(SocketChannel socket, RawChannel channel, List<ByteBuf> held, boolean socketFinished, boolean channelFinished,
    boolean finishSent, boolean outputClosed) {

  /** In types that every version sees alike. */
  Map<String, Object> things() {
    return Map.of("socket", socket, "channel", channel, "held", held, "socketFinished", socketFinished, "channelFinished", channelFinished,
        "finishSent", finishSent, "outputClosed", outputClosed);
  }

  static Moving of(Map<String, Object> things) {
    List<ByteBuf> held = new ArrayList<>();
    for (Object one : (Collection<?>) things.getOrDefault("held", List.of())) {
      held.add((ByteBuf) one);
    }
    return new Moving((SocketChannel) things.get("socket"), (RawChannel) things.get("channel"), held, is(things, "socketFinished"),
        is(things, "channelFinished"), is(things, "finishSent"), is(things, "outputClosed"));
  }

  private static boolean is(Map<String, Object> things, String name) {
    return Boolean.TRUE.equals(things.get(name));
  }
}
