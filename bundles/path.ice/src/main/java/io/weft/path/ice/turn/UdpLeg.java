package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.DatagramPort;
import io.weft.support.stun.ChannelData;
import java.net.InetSocketAddress;

/** Over the node's own port, so that one NAT mapping serves everything. */
final class UdpLeg implements Leg {

  private final DatagramPort port;
  private final InetSocketAddress relay;
  private Registration claim = () -> {};

  UdpLeg(DatagramPort port, InetSocketAddress relay) {
    this.port = port;
    this.relay = relay;
  }

  @Override
  public void start(Events events) {
    try {
      claim = port.claim(relay, (packet, from) -> events.received(packet));
    } catch (IllegalStateException e) {
      events.lost(Reason.of("unreachable", "the port is not there: " + e.getMessage()));
      return;
    }
    events.open();
  }

  @Override
  public boolean isLossy() {
    return true;
  }

  @Override
  public void send(ByteBuf message) {
    port.send(message, relay);
  }

  @Override
  public void frames(int channel, ByteBuf packets, int segmentSize) {
    try {
      int bytes = packets.readableBytes();
      int segments = (bytes + segmentSize - 1) / segmentSize;
      ByteBuf framed = Frames.buffer(bytes + segments * ChannelData.HEADER);
      Frames.write(framed, channel, packets, segmentSize, false);
      port.send(framed, segmentSize + ChannelData.HEADER, relay);
    } finally {
      packets.release();
    }
  }

  @Override
  public void close() {
    claim.close();
  }
}
