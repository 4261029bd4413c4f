package io.weft.testkit.fabric;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A flow of numbered datagrams from one node to another, and which of them came, in their order. */
final class Datagrams implements RawChannelHandler {

  final List<Integer> arrived = new ArrayList<>();

  static Datagrams served(TestNode node) {
    Datagrams there = new Datagrams();
    node.channels().serve(new ExposedService("numbers", ChannelKind.datagram, "test", Set.of("*")), channel -> {
      channel.accept();
      return there;
    });
    return there;
  }

  static RawChannel open(TestFabric fabric, String from, String to) {
    return fabric.get(fabric.node(from).channels()
        .open(to, "numbers", ChannelKind.datagram, "test:1", Duration.ofSeconds(10), new Datagrams()));
  }

  static void send(RawChannel channel, int count) {
    channel.loop().execute(() -> {
      for (int i = 0; i < count; i++) {
        channel.sendDatagram(Unpooled.buffer(4).writeInt(i));
      }
    });
  }

  @Override
  public void datagram(RawChannel channel, ByteBuf payload) {
    arrived.add(payload.readInt());
    payload.release();
  }

  @Override
  public void data(RawChannel channel, ByteBuf bytes) {
    bytes.release();
  }

  @Override
  public void finished(RawChannel channel) {
    channel.finish();
  }

  @Override
  public void writable(RawChannel channel) {
    // datagrams do not wait
  }

  @Override
  public void closed(RawChannel channel, @Nullable Reason reason) {
    // what came is what counts
  }
}
