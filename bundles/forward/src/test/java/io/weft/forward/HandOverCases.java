package io.weft.forward;

import static io.weft.forward.AppSockets.PATIENCE_MS;
import static io.weft.forward.AppSockets.assertReset;
import static io.weft.forward.AppSockets.connect;
import static io.weft.forward.AppSockets.count;
import static io.weft.forward.AppSockets.fill;
import static io.weft.forward.AppSockets.sendAndFinish;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.forward.Opening.Route;
import io.weft.node.Reason;
import io.weft.node.Succession.Estate;
import io.weft.testkit.Await;
import io.weft.testkit.FakeSuccession;
import io.weft.transport.RawChannel;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both nodes get new versions of this bundle while their sockets are in use: nobody who uses them may notice. */
abstract class HandOverCases {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Version a = new Version("a");
  private final Version b = new Version("b");
  private Nodes nodes;
  private ServerSocket server;
  private InetSocketAddress target;
  private LocalSpec forward;

  abstract Underlay net() throws Exception;

  /** A node whose bundle is updated now and then. */
  private final class Version {
    private final String name;
    private final FakeSuccession box = new FakeSuccession();
    private SplicedForwards current;

    Version(String name) {
      this.name = name;
    }

    SplicedForwards next() {
      current = nodes.node(name, Nodes.LIMITS, box, () -> true);
      return current;
    }
  }

  @BeforeEach
  void start() throws Exception {
    nodes = new Nodes(net());
    server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MS);
    target = (InetSocketAddress) server.getLocalSocketAddress();
    forward = spec(ChannelKind.stream, TcpCases.freePort());
    startA();
    startB();
    awaitListening();
  }

  @AfterEach
  void stop() throws IOException {
    a.current.close();
    b.current.close();
    a.box.expire();
    b.box.expire();
    nodes.close();
    server.close();
    threads.shutdownNow();
  }

  private static LocalSpec spec(ChannelKind kind, int port) {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    String text = "127.0.0.1:" + port;
    return new LocalSpec(new Route("pg", "b", kind), text, LocalAddress.fixed(text, at), 0, true, "");
  }

  private void startA() {
    a.next().open(forward);
  }

  private void startB() {
    Nodes.expose(b.next(), "pg", ChannelKind.stream, target, "a");
  }

  private void awaitListening() {
    Await.until("the forward", Nodes.SOON, () -> a.current.forwards().get(0).problem().isEmpty());
  }

  private InetSocketAddress local() {
    return forward.address().fixed().orElseThrow();
  }

  /** Both get their next version. */
  private void swap() {
    a.current.close();
    startA();
    b.current.close();
    startB();
  }

  private <T> Future<T> async(Callable<T> task) {
    return threads.submit(task);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  @Test
  void everyByteArrivesHoweverOftenTheVersionChanges() throws Exception {
    byte[] there = bytes(6_000_000);
    byte[] back = bytes(5_000_000);
    try (Socket app = connect(local()); Socket far = server.accept()) {
      Future<byte[]> atTarget = async(() -> far.getInputStream().readAllBytes());
      Future<byte[]> atApp = async(() -> app.getInputStream().readAllBytes());
      Future<Void> sending = async(() -> sendAndFinish(far, back));
      Future<Void> sendingToo = async(() -> sendAndFinish(app, there));
      for (int i = 0; i < 30; i++) {
        swap();
      }
      get(sending);
      get(sendingToo);
      assertThat(get(atTarget)).isEqualTo(there);
      assertThat(get(atApp)).isEqualTo(back);
    }
    awaitQuiet();
    Await.until("nothing to be left with old versions", Nodes.SOON, () -> a.box.open() == 0 && b.box.open() == 0);
  }

  @Test
  void aKeptConnectionAndShortOnesGoOn() throws Exception {
    try (Socket kept = connect(local()); Socket far = server.accept()) {
      for (int i = 0; i < 20; i++) {
        exchange(kept, far, i);
        a.current.close();
        try (Socket app = connect(local()); Socket accepted = server.accept()) {
          exchange(app, accepted, i); // nobody is there but the version that stopped
          exchange(kept, far, i);
          startA();
          exchange(app, accepted, i);
        }
        b.current.close();
        try (Socket app = connect(local()); Socket accepted = server.accept()) {
          exchange(app, accepted, i);
          startB();
          exchange(app, accepted, i);
        }
      }
      Await.until("the last version to have it", Nodes.SOON, () -> a.current.forwards().get(0).active() == 1);
    }
    awaitQuiet();
  }

  @Test
  void aHalfClosedConnectionGoesOn() throws Exception {
    try (Socket app = connect(local()); Socket far = server.accept()) {
      sendAndFinish(app, new byte[] {1, 2});
      assertThat(far.getInputStream().readAllBytes()).containsExactly(1, 2);
      swap();
      sendAndFinish(far, new byte[] {3});
      assertThat(app.getInputStream().readAllBytes()).containsExactly(3);
    }
    try (Socket app = connect(local()); Socket far = server.accept()) {
      sendAndFinish(far, new byte[] {4});
      assertThat(app.getInputStream().readAllBytes()).containsExactly(4);
      swap();
      sendAndFinish(app, new byte[] {5, 6});
      assertThat(far.getInputStream().readAllBytes()).containsExactly(5, 6);
    }
    awaitQuiet();
  }

  @Test
  void whatWaitsForASlowReaderArrives() throws Exception {
    try (Socket app = connect(local()); Socket far = server.accept()) {
      long written = fill(app);
      swap();
      app.shutdownOutput();
      swap();
      Future<Long> read = async(() -> count(far.getInputStream()));
      assertThat(get(read)).isEqualTo(written);
    }
    awaitQuiet();
  }

  @Test
  void aConnectionThatIsBeingOpenedMovesWhenItIsOpen() throws Exception {
    BlockingQueue<RawChannel> offered = new LinkedBlockingQueue<>();
    ExposedService slow = new ExposedService("slow", ChannelKind.stream, "test", Set.of("a"));
    nodes.net.channels("b").serve(slow, channel -> {
      offered.add(channel);
      return TcpTarget.REFUSED;
    });
    forward = new LocalSpec(new Route("slow", "b", ChannelKind.stream), forward.text(), forward.address(), 0, true, "");
    a.current.close();
    a.box.expire();
    Await.until("the port to be free", Nodes.SOON, this::isFree);
    startA();
    awaitListening();
    try (Socket app = connect(local())) {
      RawChannel channel = offered.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
      SplicedForwards before = a.current;
      a.current.close();
      startA();
      assertThat(a.current.forwards().get(0).active()).isZero();
      channel.loop().execute(channel::accept);
      Await.until("the next version to have it", Nodes.SOON, () -> a.current.forwards().get(0).active() == 1);
      assertThat(before.forwards().get(0).active()).isZero();
      channel.loop().execute(() -> channel.abort(Reason.of("test_over")));
      assertReset(app);
    }
    awaitQuiet();
  }

  @Test
  void withoutAnHeirEverythingIsClosed() throws Exception {
    try (Socket app = connect(local()); Socket far = server.accept()) {
      exchange(app, far, 1);
      a.current.close();
      b.current.close();
      exchange(app, far, 2);
      a.box.expire();
      assertReset(app);
      Await.until("the port to be free", Nodes.SOON, this::isFree);
    }
    b.box.expire();
    startA();
    startB();
  }

  private boolean isFree() {
    try (Socket socket = connect(local())) {
      return !socket.isConnected();
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatIsNotConfiguredAnyMoreIsClosedInTheEnd() throws Exception {
    try (Socket app = connect(local()); Socket far = server.accept()) {
      exchange(app, far, 1);
      a.current.close();
      Estate estate = a.box.claim().orElseThrow();
      a.box.leave(estate);
      a.next(); // opens nothing
      exchange(app, far, 2);
      estate.expired();
      assertReset(app);
    }
    assertThat(a.current.forwards()).isEmpty();
  }

  @Test
  void aForwardThatWasAddedIsThereToo() throws Exception {
    String address = "127.0.0.1:" + TcpCases.freePort();
    get(async(() -> a.current.add("pg", "b", ChannelKind.stream, address).toCompletableFuture().get()));
    InetSocketAddress at = LocalAddress.parse(address).fixed().orElseThrow();
    try (Socket app = connect(at); Socket far = server.accept()) {
      exchange(app, far, 1);
      swap();
      exchange(app, far, 2);
      Await.until("the next version to have it", Nodes.SOON, () -> a.current.forwards().stream().anyMatch(f -> f.bound().equals(address)));
      assertThat(a.current.remove(address, ChannelKind.stream)).isTrue();
      assertReset(app);
    }
  }

  @Test
  void aPeerThatMayNoLongerUseAServiceIsCut() throws Exception {
    try (Socket app = connect(local()); Socket far = server.accept()) {
      exchange(app, far, 1);
      b.current.close();
      Nodes.expose(b.next(), "pg", ChannelKind.stream, target, "c");
      assertReset(app);
    }
  }

  @Test
  void aVersionThatSpeaksOtherwiseIsAskedToClose() {
    AtomicInteger closed = new AtomicInteger();
    assertThat(Legacy.of(new Estate() {
      @Override
      public Map<String, Object> things() {
        return Map.of("format", 2, "added", "what would that be");
      }

      @Override
      public void expired() {
        closed.incrementAndGet();
      }
    }).added()).isEmpty();
    assertThat(closed).hasValue(1);
  }

  @Test
  void datagramsFindTheSamePortAgain() throws Exception {
    LocalSpec udp = spec(ChannelKind.datagram, TcpCases.freePort());
    try (DatagramSocket far = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket app = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      far.setSoTimeout(100);
      InetSocketAddress at = (InetSocketAddress) far.getLocalSocketAddress();
      a.current.open(udp);
      Nodes.expose(b.current, "pg", ChannelKind.datagram, at, "a");
      awaitDatagram(app, far, udp);
      a.current.close();
      a.next().open(forward);
      a.current.open(udp);
      awaitDatagram(app, far, udp);
      b.current.close();
      startB();
      Nodes.expose(b.current, "pg", ChannelKind.datagram, at, "a");
      awaitDatagram(app, far, udp);
    }
  }

  private static void awaitDatagram(DatagramSocket from, DatagramSocket to, LocalSpec through) {
    byte[] payload = {7};
    Await.until("a datagram", Nodes.SOON, () -> {
      from.send(new DatagramPacket(payload, 1, through.address().fixed().orElseThrow()));
      try {
        to.receive(new DatagramPacket(new byte[1], 1));
        return true;
      } catch (SocketTimeoutException e) {
        return false;
      }
    });
  }

  private static void exchange(Socket app, Socket far, int number) throws IOException {
    byte[] request = {(byte) number, 1, 2, 3};
    app.getOutputStream().write(request);
    assertThat(new DataInputStream(far.getInputStream()).readNBytes(4)).containsExactly(request);
    far.getOutputStream().write(request);
    assertThat(new DataInputStream(app.getInputStream()).readNBytes(4)).containsExactly(request);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }

  private void awaitQuiet() {
    Await.until("all connections to end", Nodes.SOON, () -> nodes.net.isQuiet()
        && a.current.forwards().stream().allMatch(f -> f.active() == 0));
  }
}
