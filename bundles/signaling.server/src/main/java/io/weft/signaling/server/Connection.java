package io.weft.signaling.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.signal.Counters;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client: one request at a time, each within its time. On the broker's loop. */
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger log = LoggerFactory.getLogger(Connection.class);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Desk desk;
  private final Clock clock;
  private final Timers timers;
  private final Counters counters;
  private Registration deadline = () -> {};
  private Registration asking = () -> {};
  private boolean busy;

  Connection(Desk desk, Clock clock, Timers timers, Counters counters) {
    this.desk = desk;
    this.clock = clock;
    this.timers = timers;
    this.counters = counters;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    within(ctx, Limits.REQUEST, "connections_timed_out_request");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.close();
    asking.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (busy) { // who asks again before it was answered is not one of ours
      counters.add("connections_closed_pipelined");
      ctx.close();
      return;
    }
    busy = true;
    deadline.close();
    boolean keep = HttpUtil.isKeepAlive(request);
    Throwable problem = request.decoderResult().cause();
    if (problem != null) {
      counters.add("requests_refused_malformed");
      reply(ctx, refusal(problem), false);
      return;
    }
    Desk.Asked asked = new Desk.Asked(
        request.method().name(),
        request.uri(),
        request.headers().get(HttpHeaderNames.HOST, ""),
        request.headers().get(HttpHeaderNames.AUTHORIZATION, ""),
        ByteBufUtil.getBytes(request.content()),
        ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress());
    Registration waiting = desk.ask(asked, answer -> reply(ctx, answer, keep && !answer.close()));
    if (busy) {
      asking = waiting;
    }
  }

  private static Answer refusal(Throwable problem) {
    if (problem instanceof TooLongHttpLineException) {
      return Answer.refused(414, "malformed", "the request line is too long");
    }
    if (problem instanceof TooLongHttpHeaderException) {
      return Answer.refused(431, "malformed", "the headers are too long");
    }
    return Answer.refused(400, "malformed", "this is not a request of HTTP/1.1 with a length");
  }

  private void reply(ChannelHandlerContext ctx, Answer answer, boolean keep) {
    busy = false;
    asking = () -> {};
    within(ctx, Limits.ANSWER, "connections_timed_out_answer");
    ChannelFuture written = ctx.writeAndFlush(response(answer, keep));
    written.addListener(done -> {
      if (!done.isSuccess()) {
        answer.lost().run();
        ctx.close();
      } else if (!keep) {
        ctx.close();
      } else if (!busy) {
        within(ctx, Limits.REQUEST, "connections_idle");
      }
    });
  }

  private FullHttpResponse response(Answer answer, boolean keep) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()),
        Unpooled.wrappedBuffer(answer.body().getBytes(StandardCharsets.UTF_8)));
    response.headers().set(HttpHeaderNames.DATE, DATE.format(clock.now())).set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (answer.status() != 204) {
      response.headers()
          .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    }
    if (!answer.allow().isEmpty()) {
      response.headers().set(HttpHeaderNames.ALLOW, answer.allow());
    }
    if (!keep) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return response;
  }

  private void within(ChannelHandlerContext ctx, Duration time, String counter) {
    deadline.close();
    deadline = timers.after(time, ctx.executor(), () -> {
      counters.add(counter);
      ctx.close();
    });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    counters.add("connections_failed");
    log.debug("broker connection failed client={} reason={}", ctx.channel().remoteAddress(), cause.toString());
    ctx.close();
  }
}
