package io.weft.signaling.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Causes;
import io.weft.support.signal.EnvelopeJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** One connection to a broker, made when it is needed and kept while the broker keeps it; one request at a time. On its loop. */
final class HttpLane {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int LINE_BYTES = 1_024;
  private static final int HEADER_BYTES = 8 * 1024;

  // A poll waits silently for half a minute; so soon a NAT that forgot its connection, or a broker that went away, is noticed.
  private static final ChannelOption<Integer> KEEPALIVE_IDLE = NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
  private static final ChannelOption<Integer> KEEPALIVE_INTERVAL = NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL);
  private static final ChannelOption<Integer> KEEPALIVE_COUNT = NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT);
  private static final int KEEPALIVE_IDLE_SECONDS = 5;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 2;
  private static final int KEEPALIVE_TRIES = 3;

  /** What lanes to one broker share. */
  record Way(EventLoop loop, BrokerUrl url, Lookup lookup, Timers timers, ClientTls tls) {}

  /** A request that is complete but for the headers that every request has. */
  record Ask(String method, String target, String authorization, byte[] body) {}

  /** @param date the header, or empty */
  record Reply(int status, String date, byte[] body) {}

  /** The connection turned out to lead nowhere, after all that is known: nobody read the request, or only just. */
  static final class Stale extends IOException {

    private static final long serialVersionUID = 1L;

    Stale() {
      super("the connection to the broker was gone");
    }
  }

  private final Way way;
  private @Nullable Channel channel;
  private @Nullable CompletableFuture<Reply> waiting;
  private Registration timer = () -> {};
  private boolean kept;
  private boolean left;
  private int turn;

  HttpLane(Way way) {
    this.way = way;
  }

  /**
   * Completes on the loop; exceptionally with {@link IOException}. The request is made when there is a connection to send it on.
   *
   * @param keptMost how long a connection that was kept from before has to answer
   */
  CompletableFuture<Reply> ask(Supplier<Ask> request, Duration most, Duration keptMost) {
    if (waiting != null) {
      throw new IllegalStateException("one request at a time");
    }
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    waiting = reply;
    Channel open = channel;
    kept = open != null && open.isActive();
    timer = kept
        ? way.timers().after(keptMost, way.loop(), () -> fail(reply, new Stale()))
        : way.timers().after(most, way.loop(), () -> fail(reply, new IOException("no answer within " + most.toSeconds() + " s")));
    if (way.url().tls() && !way.tls().isUsable()) {
      way.loop().execute(() -> fail(reply, new IOException(way.tls().problem())));
    } else if (kept) {
      send(open, reply, request);
    } else {
      way.lookup().resolve(way.url().host()).whenCompleteAsync((addresses, problem) -> {
        if (waiting != reply) {
          return; // out of time already
        }
        if (problem != null) {
          fail(reply, asIo(problem));
        } else {
          connect(addresses, reply, request);
        }
      }, way.loop());
    }
    return reply;
  }

  private void connect(List<InetSocketAddress> addresses, CompletableFuture<Reply> reply, Supplier<Ask> request) {
    InetSocketAddress address = addresses.get(Math.floorMod(turn, addresses.size()));
    new Bootstrap()
        .group(way.loop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(KEEPALIVE_IDLE, KEEPALIVE_IDLE_SECONDS)
        .option(KEEPALIVE_INTERVAL, KEEPALIVE_INTERVAL_SECONDS)
        .option(KEEPALIVE_COUNT, KEEPALIVE_TRIES)
        .handler(new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel created) {
            pipeline(created);
          }
        })
        .connect(address)
        .addListener((ChannelFuture connected) -> {
          if (!connected.isSuccess()) {
            turn++; // another address of that name next time
            fail(reply, asIo(connected.cause()));
          } else if (waiting != reply) {
            connected.channel().close();
          } else {
            channel = connected.channel();
            send(connected.channel(), reply, request);
          }
        });
  }

  private void pipeline(SocketChannel created) {
    if (way.url().tls()) {
      SslHandler handler = way.tls().context().newHandler(created.alloc(), way.url().host().host(), way.url().host().port());
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      handler.engine().setSSLParameters(parameters);
      created.pipeline().addLast(handler);
    }
    created.pipeline().addLast(
        new HttpClientCodec(LINE_BYTES, HEADER_BYTES, EnvelopeJson.LIST_MAX),
        new HttpObjectAggregator(EnvelopeJson.LIST_MAX, true),
        new Replies());
  }

  private void send(Channel open, CompletableFuture<Reply> reply, Supplier<Ask> request) {
    open.pipeline().get(Replies.class).serving = reply;
    Ask ask = request.get();
    DefaultFullHttpRequest message = new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, HttpMethod.valueOf(ask.method()), ask.target(), Unpooled.wrappedBuffer(ask.body()));
    message.headers()
        .set(HttpHeaderNames.HOST, way.url().host().toString())
        .set(HttpHeaderNames.AUTHORIZATION, ask.authorization());
    if (ask.body().length > 0) {
      message.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, ask.body().length);
    }
    open.writeAndFlush(message).addListener(sent -> {
      if (!sent.isSuccess()) {
        open.close();
      }
    });
  }

  private void fail(CompletableFuture<Reply> reply, IOException problem) {
    if (waiting == reply) {
      close();
      over();
      reply.completeExceptionally(problem);
    }
  }

  private void over() {
    waiting = null;
    timer.close();
  }

  /** Ends the connection because it may lead nowhere any more; a request that waits fails with {@link Stale}. */
  void renew() {
    CompletableFuture<Reply> reply = waiting;
    if (reply != null) {
      fail(reply, new Stale());
    } else {
      close();
    }
  }

  /** Nobody relies on it any more, but an answer that comes soon is welcome. */
  void leave(Duration most) {
    left = true;
    CompletableFuture<Reply> reply = waiting;
    if (reply == null) {
      close();
    } else {
      timer.close();
      timer = way.timers().after(most, way.loop(), () -> fail(reply, new Stale()));
    }
  }

  boolean isLeft() {
    return left;
  }

  /** Ends the connection, and with it a request that waits. */
  void close() {
    Channel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private static IOException asIo(Throwable problem) {
    Throwable cause = Causes.of(problem);
    return cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
  }

  /** What comes back on one connection. */
  private final class Replies extends SimpleChannelInboundHandler<FullHttpResponse> {

    private @Nullable CompletableFuture<Reply> serving;
    private @Nullable Throwable problem;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      CompletableFuture<Reply> reply = serving;
      if (reply == null || reply != waiting || response.decoderResult().isFailure()) {
        ctx.close(); // an answer that nobody asked for, or none at all
        return;
      }
      serving = null;
      if (!HttpUtil.isKeepAlive(response)) {
        close();
      }
      over();
      reply.complete(new Reply(response.status().code(), response.headers().get(HttpHeaderNames.DATE, ""),
          ByteBufUtil.getBytes(response.content())));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      CompletableFuture<Reply> reply = serving;
      if (reply != null) {
        Throwable why = problem;
        fail(reply, kept ? new Stale() : why != null ? asIo(why) : new IOException("the broker closed the connection"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      problem = cause;
      ctx.close();
    }
  }
}
