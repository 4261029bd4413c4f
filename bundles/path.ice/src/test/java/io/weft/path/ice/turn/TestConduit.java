package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A peer whose packets are text. */
final class TestConduit implements Conduit {

  static final PathInfo RELAYED = new PathInfo("udp", PathType.relayed, CandidateKind.relay, CandidateKind.host, "");

  final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile @Nullable Carrier carrier;

  /** As the transport does it: on the loop, end to end. */
  void say(DatagramPort port, int segmentSize, String text) {
    port.loop().execute(() -> carrier.send(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), segmentSize));
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress("240.0.0.1", 1);
  }

  @Override
  public void sendTo(@Nullable InetSocketAddress to, PathInfo info) {
    throw new UnsupportedOperationException("relayed only");
  }

  @Override
  public void sendTo(DatagramPort by, InetSocketAddress to, PathInfo info) {
    throw new UnsupportedOperationException("relayed only");
  }

  @Override
  public void sendThrough(Carrier through, PathInfo info) {
    carrier = through;
  }

  @Override
  public void admit(InetSocketAddress from) {
    throw new UnsupportedOperationException("relayed only");
  }

  @Override
  public void admit(DatagramPort at, InetSocketAddress from) {
    throw new UnsupportedOperationException("relayed only");
  }

  @Override
  public void received(ByteBuf packet) {
    heard.add(packet.toString(StandardCharsets.UTF_8));
    packet.release();
  }

  @Override
  public PathInfo info() {
    return RELAYED;
  }

  @Override
  public long lastReceivedNanos() {
    return -1;
  }

  @Override
  public void close() {
    carrier = null;
  }
}
