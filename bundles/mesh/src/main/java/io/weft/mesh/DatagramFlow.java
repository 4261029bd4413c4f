package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.weft.mesh.wire.Datagrams;
import io.weft.mesh.wire.Inbox;
import io.weft.mesh.wire.ProtocolError;
import io.weft.node.Reason;
import io.weft.transport.Stream;

/** The datagrams of one channel: on their own where they fit, else on the stream, else dropped. On the link's loop only. */
final class DatagramFlow {

  private final MeshChannel channel;
  private final Channels channels;
  private final Stream stream;
  private final Inbox inbox;

  DatagramFlow(MeshChannel channel, Channels channels, Stream stream) {
    this.channel = channel;
    this.channels = channels;
    this.stream = stream;
    this.inbox = new Inbox(channels.allocator());
  }

  /** Sends or drops; takes over the buffer. Returns whether it was sent. */
  boolean send(ByteBuf payload) {
    int size = payload.readableBytes();
    boolean sent;
    if (size + Datagrams.HEADER <= channels.link().datagramMax()) {
      // One copy, because the header must be in the same memory; it is cheaper here than the packet that follows.
      sent = channels.link().sendDatagram(Datagrams.alone(channel.wireId(), payload, channels.allocator()));
      payload.release();
    } else if (size <= Datagrams.MAX && stream.isWritable()) {
      stream.write(Datagrams.length(size, channels.allocator()));
      stream.write(payload);
      stream.flush();
      sent = true;
    } else {
      payload.release();
      sent = false;
    }
    if (!sent) {
      channels.core().counters().add("datagrams_dropped");
    }
    return sent;
  }

  /** Bytes came on the stream. */
  void receive(ByteBuf bytes) {
    inbox.add(bytes);
    try {
      for (ByteBuf payload = inbox.next(Datagrams::decode); payload != null; payload = inbox.next(Datagrams::decode)) {
        channel.datagram(payload);
      }
      inbox.pause();
    } catch (ProtocolError e) {
      inbox.release();
      channels.core().counters().add("protocol_errors");
      channel.abort(Reason.of("protocol", e.getMessage()));
    }
  }

  void close() {
    inbox.release();
  }
}
