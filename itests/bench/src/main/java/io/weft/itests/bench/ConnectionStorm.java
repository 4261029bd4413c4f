package io.weft.itests.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that opens connections one after another, some at once, and an echo server; cheap, so that they are not what is measured. */
final class ConnectionStorm implements AutoCloseable {

  /** What became of a storm. */
  record Outcome(double perSecond, long failed, String firstFailure) {}

  private static final int SIZE = 64;

  private final EventLoopGroup serverLoop = new EpollEventLoopGroup(1);
  private final EventLoopGroup clientLoop = new EpollEventLoopGroup(1);
  private final Channel server;

  ConnectionStorm() {
    server = new ServerBootstrap()
        .group(serverLoop)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 1_024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new Echo());
          }
        })
        .bind("127.0.0.1", 0)
        .syncUninterruptibly()
        .channel();
  }

  int echoPort() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  Outcome run(int port, int count, int atOnce) throws Exception {
    Storm storm = new Storm(port, count);
    long start = System.nanoTime();
    clientLoop.next().execute(() -> {
      for (int i = 0; i < atOnce; i++) {
        storm.next();
      }
    });
    storm.done.get(5, TimeUnit.MINUTES);
    return new Outcome(count / ((System.nanoTime() - start) / 1e9), storm.failed, storm.firstFailure);
  }

  @Override
  public void close() {
    server.close();
    serverLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    clientLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** On the client's loop only. */
  private final class Storm {
    final int port;
    final int count;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    int started;
    int ended;
    long failed;
    String firstFailure = "";

    Storm(int port, int count) {
      this.port = port;
      this.count = count;
    }

    void next() {
      if (started == count) {
        return;
      }
      started++;
      ChannelFuture connecting = new Bootstrap()
          .group(clientLoop)
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
          .handler(new Client(this))
          .connect("127.0.0.1", port);
      connecting.addListener(f -> {
        if (!f.isSuccess()) {
          end("connect: " + f.cause());
        }
      });
    }

    void end(String failure) {
      if (!failure.isEmpty()) {
        failed++;
        firstFailure = firstFailure.isEmpty() ? failure : firstFailure;
      }
      ended++;
      if (ended == count) {
        done.complete(null);
      } else {
        next();
      }
    }
  }

  private static final class Client extends ChannelInboundHandlerAdapter {
    private final Storm storm;
    private int received;
    private boolean connected;

    Client(Storm storm) {
      this.storm = storm;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      connected = true;
      ctx.writeAndFlush(ctx.alloc().directBuffer(SIZE).writeZero(SIZE));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      received += bytes.readableBytes();
      bytes.release();
      if (received >= SIZE) {
        ctx.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (connected) {
        storm.end(received == SIZE ? "" : "closed after " + received + " bytes");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
