package io.weft.signaling.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Backoff;
import io.weft.support.HostPort;
import io.weft.support.signal.Counters;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.Sealer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker on its port. It has one thread of its own, so that checking signatures never keeps a link waiting, and that thread owns
 * everything in here.
 */
final class HttpBroker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpBroker.class);
  private static final Duration SWEEP = Duration.ofSeconds(5);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
  private static final Duration RETRY_MOST = Duration.ofSeconds(30);
  private static final long STOP_SECONDS = 2;

  /** What a broker is made of. */
  record Setup(
      InetSocketAddress listen,
      Set<HostPort> hosts,
      Limits limits,
      Membership membership,
      String fabric,
      Tls tls,
      Clock clock,
      Timers timers,
      Counters counters) {}

  /** How much it had to do when it was last looked at. */
  record Load(int mailboxes, int messages, long bytes, int connections) {}

  private final Setup setup;
  private final NioEventLoopGroup group;
  private final EventLoop loop;
  private final Backoff retry = new Backoff(RETRY_FIRST, RETRY_MOST, new SplittableRandom());
  private final Map<String, Integer> connections = new HashMap<>();
  private int connected;
  private Registration timer = () -> {};
  private @Nullable SslContext tls;
  private @Nullable Desk desk;
  private volatile @Nullable Channel server;
  private volatile String problem = "it has not started to listen yet";
  private volatile Load load = new Load(0, 0, 0, 0);

  HttpBroker(Setup setup) {
    this.setup = setup;
    this.group = new NioEventLoopGroup(1, task -> {
      Thread thread = new Thread(task, "weft-signaling.server-1");
      thread.setDaemon(true);
      return thread;
    });
    this.loop = group.next();
    loop.execute(this::listen);
  }

  private void listen() {
    try {
      tls = setup.tls().context();
    } catch (Tls.NotUsable e) {
      failed(e.getMessage());
      return;
    }
    ServerBootstrap bootstrap = new ServerBootstrap()
        .group(group)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 512)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.AUTO_READ, false) // nobody is accepted before the broker knows its port
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(64 * 1024, 512 * 1024))
        .childHandler(new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            accepted(channel);
          }
        });
    bootstrap.bind(setup.listen()).addListener((ChannelFuture bound) -> {
      if (bound.isSuccess()) {
        listening(bound.channel());
      } else {
        failed("cannot listen on " + text(setup.listen()) + ": " + bound.cause().getMessage());
      }
    });
  }

  private void listening(Channel channel) {
    int port = ((InetSocketAddress) channel.localAddress()).getPort();
    HostNames hosts = new HostNames(port, tls != null, setup.hosts(), setup.clock());
    Sealer sealer = new Sealer(setup.membership().identity(), setup.fabric(), setup.clock());
    desk = new Desk(setup.limits(),
        new Desk.Tools(setup.membership(), sealer, hosts, setup.clock(), setup.timers(), loop, setup.counters()));
    problem = "";
    server = channel;
    sweepLater();
    channel.config().setAutoRead(true);
    log.info("broker listens address={} tls={}", text((InetSocketAddress) channel.localAddress()), tls != null);
  }

  private void failed(String why) {
    Duration delay = retry.next();
    if (!why.equals(problem)) {
      log.warn("broker does not listen reason={} retry_ms={}", why, delay.toMillis());
    }
    problem = why;
    timer = setup.timers().after(delay, loop, this::listen);
  }

  private void sweepLater() {
    timer = setup.timers().after(SWEEP, loop, () -> {
      Mailboxes mailboxes = desk().mailboxes();
      mailboxes.sweep();
      load = new Load(mailboxes.size(), mailboxes.messages(), mailboxes.bytes(), connected);
      sweepLater();
    });
  }

  private Desk desk() {
    Desk current = desk;
    if (current == null) {
      throw new IllegalStateException("nobody is served before the broker listens");
    }
    return current;
  }

  private void accepted(SocketChannel channel) {
    String from = Networks.host(channel.remoteAddress().getAddress());
    int same = connections.merge(from, 1, Integer::sum);
    connected++;
    channel.closeFuture().addListener(closed -> {
      connected--;
      connections.computeIfPresent(from, (key, count) -> count == 1 ? null : count - 1);
    });
    boolean many = same > setup.limits().connectionsPerAddress();
    if (many || connected > setup.limits().connections()) {
      setup.counters().add(many ? "connections_refused_address" : "connections_refused_all");
      channel.close();
      return;
    }
    SslContext context = tls;
    if (context != null) {
      channel.pipeline().addLast(context.newHandler(channel.alloc()));
    }
    channel.pipeline().addLast(
        new HttpServerCodec(Limits.REQUEST_LINE_BYTES, Limits.HEADER_BYTES, EnvelopeJson.ENVELOPE_MAX),
        new StrictHead(),
        new HttpObjectAggregator(EnvelopeJson.ENVELOPE_MAX, true),
        new Connection(desk(), setup.clock(), setup.timers(), setup.counters()));
  }

  /** Where it listens; empty while it does not. */
  Optional<InetSocketAddress> address() {
    Channel channel = server;
    return channel == null ? Optional.empty() : Optional.of((InetSocketAddress) channel.localAddress());
  }

  /** Why it does not listen; empty if it does. */
  String problem() {
    return problem;
  }

  /** As of the last sweep. */
  Load load() {
    return load;
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return new HostPort(host, address.getPort()).toString();
  }

  @Override
  public void close() {
    if (group.isShuttingDown()) {
      return;
    }
    loop.execute(() -> timer.close());
    group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
