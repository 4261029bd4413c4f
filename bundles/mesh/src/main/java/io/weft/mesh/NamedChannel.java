package io.weft.mesh;

import io.netty.channel.EventLoop;
import io.weft.channel.ChannelKind;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.PeerIdentity;
import io.weft.transport.RawChannel;
import java.time.Instant;

/** What a channel is, apart from what it does: fixed from its header on. Any thread. */
abstract class NamedChannel implements RawChannel {

  private final Channels channels;
  private final StreamHeader header;
  private final boolean openedHere;
  private final long id;
  private final Instant since;

  NamedChannel(Channels channels, StreamHeader header, boolean openedHere) {
    this.channels = channels;
    this.header = header;
    this.openedHere = openedHere;
    this.id = channels.core().channels().nextId();
    this.since = channels.core().clock().now();
  }

  /** Its number on the link. */
  final long wireId() {
    return header.channel();
  }

  final boolean isOpenedHere() {
    return openedHere;
  }

  final Instant since() {
    return since;
  }

  @Override
  public final long id() {
    return id;
  }

  @Override
  public final PeerIdentity peer() {
    return channels.link().peer();
  }

  @Override
  public final String service() {
    return header.service();
  }

  @Override
  public final ChannelKind kind() {
    return header.kind();
  }

  @Override
  public final String origin() {
    return header.origin();
  }

  @Override
  public final EventLoop loop() {
    return channels.link().loop();
  }
}
