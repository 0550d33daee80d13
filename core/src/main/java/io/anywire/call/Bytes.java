package io.anywire.call;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Messages as bytes, through whatever marshaller a method has. */
public final class Bytes {
  /** The largest message that is taken where nobody set another limit: 4 MiB, as in gRPC. */
  public static final int DEFAULT_MAX_MESSAGE_SIZE = 4 << 20;

  private Bytes() {}

  /** The message's bytes. */
  public static <T> byte[] encode(Marshaller<T> marshaller, T message) {
    if (message instanceof Message protobuf) {
      return protobuf.toByteArray();
    }
    try (InputStream in = marshaller.stream(message)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The message that the bytes hold. */
  public static <T> T decode(Marshaller<T> marshaller, byte[] bytes) {
    return marshaller.parse(new KnownLength(bytes));
  }

  /** Says its length, so that grpc-java's protobuf marshaller reads it as one array. */
  private static final class KnownLength extends ByteArrayInputStream
      implements io.grpc.KnownLength {
    KnownLength(byte[] bytes) {
      super(bytes);
    }
  }

  /**
   * The request's bytes, within the limit of the call's options.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when it is larger
   */
  public static <T> byte[] encodeRequest(Marshaller<T> marshaller, T message, CallOptions options) {
    return limited(encode(marshaller, message), options.getMaxOutboundMessageSize(), "request");
  }

  /**
   * The response that the bytes hold, within the limit of the call's options, 4 MiB by default.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when it is larger, {@code
   *     INTERNAL} when it cannot be decoded
   */
  public static <T> T decodeResponse(Marshaller<T> marshaller, byte[] bytes, CallOptions options) {
    Integer limit = options.getMaxInboundMessageSize();
    return decode(
        marshaller, limited(bytes, limit == null ? DEFAULT_MAX_MESSAGE_SIZE : limit, "response"));
  }

  private static byte[] limited(byte[] bytes, @Nullable Integer limit, String what) {
    if (limit != null && bytes.length > limit) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(what + " of " + bytes.length + " bytes (expected: <= " + limit + ")")
          .asRuntimeException();
    }
    return bytes;
  }
}
