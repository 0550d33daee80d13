package io.anywire.bench.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;

/**
 * The limit: Netty's HTTP/1.1 codec and a constant answer. It reads no path and builds no JSON, so
 * no server that does can be as quick.
 */
public final class NettyRest {
  private static final ByteBuf BODY =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("{\"message\":\"Hello, world\"}", US_ASCII).asReadOnly());
  private static final HttpHeaders HEADERS =
      DefaultHttpHeadersFactory.headersFactory()
          .newHeaders()
          .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
          .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(BODY.readableBytes()));

  private NettyRest() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException, SSLException {
    NettyServer.serve(
        Integer.parseInt(args[0]),
        ApplicationProtocolNames.HTTP_1_1,
        pipeline -> pipeline.addLast(new HttpServerCodec(), new Answerer()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends its connection.
  private static final class Answerer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof LastHttpContent) {
        context.write(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                BODY.duplicate(),
                HEADERS,
                EmptyHttpHeaders.INSTANCE),
            context.voidPromise());
      } else if (message instanceof HttpRequest request && request.decoderResult().isFailure()) {
        context.close();
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
