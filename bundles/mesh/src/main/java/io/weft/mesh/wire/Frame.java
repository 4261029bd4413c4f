package io.weft.mesh.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.channel.ChannelKind;
import io.weft.node.Names;
import io.weft.node.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the two meshes say to each other on the control stream. */
public sealed interface Frame {

  /** Most bytes of the payload of one. */
  int LENGTH_MAX = 16 * 1024;

  /** The version of the protocol that is spoken here. */
  int PROTOCOL = 1;

  /** Frames of a type above this that are not known are skipped, so that there can be more of them one day. */
  int SKIPPABLE = 127;

  /** The type of {@link Labels}. */
  int LABELS = 128;

  /** The type of {@link Moving}. */
  int MOVING = 129;

  /** The type of {@link Last}. */
  int LAST = 130;

  /** @param attempt counts up per peer on the side that dialled; 0 from the side that accepted */
  record Hello(int protocol, long incarnation, long attempt, String name, String fabric, String digest, String version)
      implements Frame {}

  record Ping(long nonce) implements Frame {}

  record Pong(long nonce) implements Frame {}

  /** @param limit bytes that may have been sent on the channel in all */
  record Credit(long channel, long limit) implements Frame {}

  /** The sender had more to send and was stopped by this limit. */
  record Blocked(long channel, long limit) implements Frame {}

  record Service(ChannelKind kind, String name) {}

  /** The services that the sender exposes to the receiver: all of them. */
  record Services(List<Service> services) implements Frame {

    /** Most services in one frame, whatever their names. */
    public static final int MAX = LENGTH_MAX / 65;

    public Services {
      services = List.copyOf(services);
    }
  }

  /** The sender goes: nothing new is opened, and the link will close. */
  record Leave(Reason reason) implements Frame {}

  /** What the sender says of itself: all of it. Older nodes skip it. */
  record Labels(Map<String, String> labels) implements Frame {

    /** Most labels in one frame. */
    public static final int MAX = 8;

    public Labels {
      labels = Map.copyOf(labels);
    }
  }

  /** This link gets a successor, since a transport is updated; said by both, and then the smaller id dials. Older nodes skip it. */
  record Moving() implements Frame {}

  /**
   * On a link that has a successor: no channel is open here as the sender sees it. Older nodes skip it.
   *
   * @param channels how many there ever were: if both sides count the same, nothing is under way any more
   */
  record Last(long channels) implements Frame {}

  /** A type that may be skipped. */
  record Unknown(int type) implements Frame {}

  /** The whole frame. */
  static ByteBuf encode(Frame frame, ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer(64);
    out.writeByte(0).writeShort(0);
    int type;
    if (frame instanceof Hello hello) {
      type = 1;
      out.writeShort(hello.protocol).writeLong(hello.incarnation).writeLong(hello.attempt);
      Text.write(out, hello.name);
      Text.write(out, hello.fabric);
      Text.write(out, hello.digest);
      Text.write(out, hello.version);
    } else if (frame instanceof Ping ping) {
      type = 2;
      out.writeLong(ping.nonce);
    } else if (frame instanceof Pong pong) {
      type = 3;
      out.writeLong(pong.nonce);
    } else if (frame instanceof Credit credit) {
      type = 4;
      out.writeInt((int) credit.channel).writeLong(credit.limit);
    } else if (frame instanceof Services services) {
      type = 5;
      for (Service service : services.services) {
        out.writeByte(service.kind.ordinal() + 1);
        Text.write(out, service.name);
      }
    } else if (frame instanceof Leave leave) {
      type = 6;
      Text.write(out, leave.reason.code());
      Text.write(out, leave.reason.detail());
    } else if (frame instanceof Blocked blocked) {
      type = 7;
      out.writeInt((int) blocked.channel).writeLong(blocked.limit);
    } else if (frame instanceof Labels labels) {
      type = LABELS;
      new TreeMap<>(labels.labels).forEach((key, value) -> {
        Text.write(out, key);
        Text.write(out, value);
      });
    } else if (frame instanceof Moving) {
      type = MOVING;
    } else if (frame instanceof Last last) {
      type = LAST;
      out.writeLong(last.channels);
    } else {
      throw new IllegalArgumentException("not to be sent: " + frame);
    }
    return out.setByte(0, type).setShort(1, out.readableBytes() - 3);
  }

  /** Reads a frame, or returns null and reads nothing if it is not all there yet. */
  static @Nullable Frame decode(ByteBuf in) {
    int start = in.readerIndex();
    if (in.readableBytes() < 3) {
      return null;
    }
    int type = in.getUnsignedByte(start);
    int length = in.getUnsignedShort(start + 1);
    if (length > LENGTH_MAX) {
      throw new ProtocolError("a control frame has " + length + " bytes, more than " + LENGTH_MAX);
    }
    if (in.readableBytes() < 3 + length) {
      return null;
    }
    ByteBuf payload = in.skipBytes(3).readSlice(length);
    Frame frame = payload(type, payload);
    if (payload.isReadable() && !(frame instanceof Unknown)) {
      throw new ProtocolError("a control frame of type " + type + " is too long");
    }
    return frame;
  }

  private static Frame payload(int type, ByteBuf in) {
    try {
      return switch (type) {
        case 1 -> new Hello(in.readUnsignedShort(), in.readLong(), in.readLong(),
            Text.read(in), Text.read(in), Text.read(in), Text.read(in));
        case 2 -> new Ping(in.readLong());
        case 3 -> new Pong(in.readLong());
        case 4 -> new Credit(in.readUnsignedInt(), in.readLong());
        case 5 -> services(in);
        case 6 -> leave(in);
        case 7 -> new Blocked(in.readUnsignedInt(), in.readLong());
        case LABELS -> labels(in);
        case MOVING -> new Moving();
        case LAST -> new Last(in.readLong());
        default -> unknown(type);
      };
    } catch (IndexOutOfBoundsException e) {
      throw new ProtocolError("a control frame of type " + type + " is cut short");
    }
  }

  private static Leave leave(ByteBuf in) {
    try {
      return new Leave(Reason.of(Text.read(in), Text.read(in)));
    } catch (IllegalArgumentException e) {
      throw new ProtocolError(e.getMessage());
    }
  }

  private static Frame unknown(int type) {
    if (type <= SKIPPABLE) {
      throw new ProtocolError("a control frame of type " + type + " is not known");
    }
    return new Unknown(type);
  }

  private static Labels labels(ByteBuf in) {
    Map<String, String> labels = new HashMap<>();
    while (in.isReadable()) {
      if (labels.size() >= Labels.MAX || labels.put(Text.read(in), Text.read(in)) != null) {
        throw new ProtocolError("these are not labels");
      }
    }
    return new Labels(labels);
  }

  private static Services services(ByteBuf in) {
    List<Service> services = new ArrayList<>();
    while (in.isReadable()) {
      int kind = in.readUnsignedByte();
      String name = Text.read(in);
      if (kind < 1 || kind > ChannelKind.values().length || !Names.isValid(name)) {
        throw new ProtocolError("this is not a service");
      }
      services.add(new Service(ChannelKind.values()[kind - 1], name));
    }
    return new Services(services);
  }
}
