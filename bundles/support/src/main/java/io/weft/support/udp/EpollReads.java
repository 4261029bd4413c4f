package io.weft.support.udp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads many packets in one system call, in one of two ways that exclude each other: joined by the kernel into one large read (GRO), which
 * is cheapest where packets come joined, or one by one but many in a call. Whether they come joined depends on drivers and on how networks
 * are put together, and can only be seen by trying. So now and then both are compared. What the kernel joined before it was told not to
 * can be taken apart no more, so where packets come joined at all it is told only when none wait.
 */
public final class EpollReads implements RecvByteBufAllocator {

  /** Room for the largest packet, and for the largest joined ones. */
  public static final int READ_SIZE = 65_536;

  /** Reads of that size in one call. Only memory that is written to costs any. */
  private static final int READS_AT_ONCE = 32;

  /** Enough to see whether packets come joined. */
  private static final int TRIAL_PACKETS = 1_024;

  /** From one trial to the next; half a second at full speed. */
  private static final int PACKETS_BETWEEN_TRIALS = 200_000;

  private final RecvByteBufAllocator turns;
  private final boolean mayJoin;
  private volatile boolean keeps;
  private @Nullable ByteBuf room;

  /** @param mayJoin whether the kernel can join packets at all */
  public EpollReads(int packetsPerTurn, boolean mayJoin) {
    this.turns = new FixedRecvByteBufAllocator(READ_SIZE).maxMessagesPerRead(packetsPerTurn);
    this.mayJoin = mayJoin;
  }

  /** Reads of this socket, which was bound with this and is the only one, go to the same memory until it is closed. */
  public void keepMemory(Channel socket) {
    keeps = true;
    socket.closeFuture().addListener(done -> {
      keeps = false;
      if (room != null) {
        room.release();
        room = null;
      }
    });
  }

  /** The same for each read, unless somebody keeps some of the last: at two megabytes a read, new memory costs more than the read. */
  private ByteBuf room(ByteBufAllocator allocator, int size) {
    if (!keeps) {
      return allocator.directBuffer(size);
    }
    if (room == null || room.capacity() < size || room.refCnt() > 1) {
      if (room != null) {
        room.release();
      }
      room = allocator.directBuffer(size);
    }
    return room.clear().retain();
  }

  @Override
  @SuppressWarnings("deprecation") // there is no other way to say how large a read is
  public ExtendedHandle newHandle() {
    return new Reads((ExtendedHandle) turns.newHandle());
  }

  /** On the loop of its socket. */
  @SuppressWarnings("deprecation")
  final class Reads implements ExtendedHandle {

    private final ExtendedHandle turn;
    private @Nullable ChannelConfig config;
    private boolean joined;
    private boolean drained;
    private int packets;
    private int calls;

    Reads(ExtendedHandle turn) {
      this.turn = turn;
      this.joined = mayJoin;
    }

    /** At the beginning of each turn, before anything is read. */
    @Override
    public void reset(ChannelConfig config) {
      if (mayJoin && !joined && packets >= PACKETS_BETWEEN_TRIALS) {
        join(config, true);
      }
      this.config = config;
      drained = false;
      turn.reset(config);
    }

    private void join(ChannelConfig config, boolean whether) {
      joined = whether;
      config.setOption(EpollChannelOption.UDP_GRO, whether);
      packets = 0;
      calls = 0;
    }

    boolean joined() {
      return joined;
    }

    @Override
    public int guess() {
      return joined ? READ_SIZE : READ_SIZE * READS_AT_ONCE;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return room(allocator, guess());
    }

    @Override
    public void incMessagesRead(int count) {
      packets += count;
      calls++;
      turn.incMessagesRead(count);
    }

    @Override
    public void lastBytesRead(int bytes) {
      drained = bytes <= 0;
      turn.lastBytesRead(bytes);
    }

    @Override
    public int lastBytesRead() {
      return turn.lastBytesRead();
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      turn.attemptedBytesRead(bytes);
    }

    @Override
    public int attemptedBytesRead() {
      return turn.attemptedBytesRead();
    }

    @Override
    public boolean continueReading() {
      return turn.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return turn.continueReading(maybeMore);
    }

    @Override
    public void readComplete() {
      turn.readComplete();
      if (joined && packets >= TRIAL_PACKETS && config != null) {
        if (packets >= 2 * calls) {
          packets = 0;
          calls = 0;
        } else if (drained || packets == calls) {
          join(config, false);
        }
      }
    }
  }
}
