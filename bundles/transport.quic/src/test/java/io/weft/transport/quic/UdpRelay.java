package io.weft.transport.quic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stretch of network between one dialer and one acceptor, that takes its time, loses packets and can be cut. */
public final class UdpRelay implements AutoCloseable {

  private static final int BUFFER = 4 << 20;

  private final DatagramSocket front;
  private volatile DatagramSocket back;
  private final InetSocketAddress target;
  private final long delayNanos;
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile double loss;
  private volatile boolean cut;
  private volatile boolean cutOut;
  private volatile boolean cutBack;
  private volatile boolean garble;
  private volatile @Nullable DatagramSocket answering;
  private volatile @Nullable InetSocketAddress dialer;

  /** @param delay one way */
  public UdpRelay(InetSocketAddress target, double loss, Duration delay, long seed) throws IOException {
    this.target = target;
    this.loss = loss;
    this.delayNanos = delay.toNanos();
    front = socket();
    back = socket();
    start("relay-out", front, () -> back, new SplittableRandom(seed));
    start("relay-in", back, this::answering, new SplittableRandom(seed + 1));
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setReceiveBufferSize(BUFFER);
    socket.setSendBufferSize(BUFFER);
    return socket;
  }

  /** Where the dialer sends to. */
  public InetSocketAddress address() {
    return (InetSocketAddress) front.getLocalSocketAddress();
  }

  /** Where the acceptor sees the dialer. */
  public InetSocketAddress backAddress() {
    return (InetSocketAddress) back.getLocalSocketAddress();
  }

  public void loss(double share) {
    loss = share;
  }

  /** Nothing passes any more, or again. */
  public void cut(boolean now) {
    cut = now;
  }

  /** Nothing that the dialer sends passes any more, or again. */
  public void cutOut(boolean now) {
    cutOut = now;
  }

  /** Nothing that the acceptor sends passes any more, or again. */
  public void cutBack(boolean now) {
    cutBack = now;
  }

  /** Everything that passes is made illegible, but for the first bytes. */
  public void garble(boolean now) {
    garble = now;
  }

  /** Another address that leads to the same place; what comes back goes there from now on as well. */
  public InetSocketAddress anotherFront() throws IOException {
    DatagramSocket other = socket();
    answering = other;
    start("relay-out-2", other, () -> back, new SplittableRandom(2));
    return (InetSocketAddress) other.getLocalSocketAddress();
  }

  /** From now on packets of the dialer come from another port. */
  public void moveBack() throws IOException {
    DatagramSocket old = back;
    back = socket();
    start("relay-in-2", back, this::answering, new SplittableRandom(1));
    old.close();
  }

  public long lost() {
    return lost.get();
  }

  public long passed() {
    return passed.get();
  }

  private DatagramSocket answering() {
    DatagramSocket other = answering;
    return other == null ? front : other;
  }

  private record Delayed(long due, byte[] content, InetSocketAddress to) {}

  private void start(String name, DatagramSocket from, Supplier<DatagramSocket> to, SplittableRandom random) {
    BlockingQueue<Delayed> road = new LinkedBlockingQueue<>();
    thread(name, () -> receive(from, to, random, road));
    if (delayNanos > 0) {
      thread(name + "-delay", () -> deliver(to, road));
    }
  }

  private static void thread(String name, Runnable run) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void receive(DatagramSocket from, Supplier<DatagramSocket> to, SplittableRandom random, BlockingQueue<Delayed> road) {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    while (!from.isClosed()) {
      try {
        packet.setLength(65_536);
        from.receive(packet);
        boolean outward = from == front || from == answering;
        if (outward) {
          dialer = (InetSocketAddress) packet.getSocketAddress();
        }
        InetSocketAddress next = outward ? target : dialer;
        if (garble) {
          Arrays.fill(packet.getData(), Math.min(30, packet.getLength()), packet.getLength(), (byte) 7);
        }
        if (cut || cutOut && outward || cutBack && !outward || next == null || random.nextDouble() < loss) {
          lost.incrementAndGet();
        } else if (delayNanos > 0) {
          road.add(new Delayed(System.nanoTime() + delayNanos, Arrays.copyOf(packet.getData(), packet.getLength()), next));
        } else {
          packet.setSocketAddress(next);
          to.get().send(packet);
          passed.incrementAndGet();
        }
      } catch (IOException e) {
        lost.incrementAndGet(); // Closed, or the other side is gone: a network says nothing about either.
      }
    }
  }

  private void deliver(Supplier<DatagramSocket> to, BlockingQueue<Delayed> road) {
    while (!front.isClosed()) {
      try {
        Delayed next = road.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          LockSupport.parkNanos(next.due - System.nanoTime());
          to.get().send(new DatagramPacket(next.content, next.content.length, next.to));
          passed.incrementAndGet();
        }
      } catch (IOException e) {
        lost.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    front.close();
    back.close();
    if (answering != null) {
      answering.close();
    }
  }
}
