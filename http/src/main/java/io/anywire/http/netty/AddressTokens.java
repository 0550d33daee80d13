package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a client of QUIC really has the address that it sends from, before anything is kept
 * for it or much is sent to it (RFC 9000, section 8.1): it is sent away with a token (Retry) and
 * must come back with it.
 *
 * <p>A token is the time, an HMAC-SHA256 over time, address, port and the connection id that the
 * client chose first, and that id. The key lives as long as the server, a token half a minute. Not
 * thread-safe: one for each socket.
 */
final class AddressTokens implements QuicTokenHandler {
  private static final String HMAC = "HmacSHA256";
  private static final int HMAC_BYTES = 32;
  private static final int HEAD = Long.BYTES + HMAC_BYTES;
  private static final long LIFE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Mac mac = mac();

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
    long now = System.nanoTime();
    byte[] id = new byte[connectionId.readableBytes()];
    connectionId.getBytes(connectionId.readerIndex(), id);
    out.writeLong(now).writeBytes(sign(now, address, id)).writeBytes(id);
    return true;
  }

  @Override
  public int validateToken(ByteBuf token, InetSocketAddress address) {
    if (token.readableBytes() <= HEAD || token.readableBytes() > maxTokenLength()) {
      return -1;
    }
    long then = token.getLong(token.readerIndex());
    byte[] signed = new byte[HMAC_BYTES];
    token.getBytes(token.readerIndex() + Long.BYTES, signed);
    byte[] id = new byte[token.readableBytes() - HEAD];
    token.getBytes(token.readerIndex() + HEAD, id);
    long age = System.nanoTime() - then;
    boolean fits = MessageDigest.isEqual(signed, sign(then, address, id));
    return fits && age >= 0 && age <= LIFE_NANOS ? HEAD : -1;
  }

  @Override
  public int maxTokenLength() {
    return HEAD + Quic.MAX_CONN_ID_LEN;
  }

  private byte[] sign(long time, InetSocketAddress address, byte[] id) {
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(time).flip());
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(address.getPort()).flip());
    mac.update(address.getAddress().getAddress());
    return mac.doFinal(id);
  }

  private static Mac mac() {
    byte[] key = new byte[HMAC_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + HMAC, e);
    }
  }
}
