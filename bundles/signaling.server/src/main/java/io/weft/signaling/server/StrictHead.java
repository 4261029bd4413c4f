package io.weft.signaling.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Marks as malformed what an honest client never sends and what two servers could read in two ways: another length than
 * {@code Content-Length} says, a header twice that comes once, another version than 1.1.
 */
final class StrictHead extends ChannelInboundHandlerAdapter {

  private static final List<AsciiString> ONCE =
      List.of(HttpHeaderNames.HOST, HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.AUTHORIZATION);

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request && request.decoderResult().isSuccess() && !isStrict(request)) {
      request.headers().remove(HttpHeaderNames.TRANSFER_ENCODING).remove(HttpHeaderNames.EXPECT);
      request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("ambiguous head")));
    }
    ctx.fireChannelRead(message);
  }

  private static boolean isStrict(HttpRequest request) {
    HttpHeaders headers = request.headers();
    boolean once = ONCE.stream().allMatch(name -> headers.getAll(name).size() <= 1);
    boolean bodyless = !request.method().equals(HttpMethod.GET) || headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
    return once && bodyless
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && headers.contains(HttpHeaderNames.HOST)
        && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        && request.uri().startsWith("/");
  }
}
