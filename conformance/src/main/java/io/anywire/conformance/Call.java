package io.anywire.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import io.anywire.conformance.v1.ConformanceRequest;
import io.anywire.conformance.v1.ConformanceServiceGrpc;
import io.anywire.json.JsonCodec;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Makes one call as a case says, and collects all that comes back. */
final class Call {
  private static final Pattern BYTES = Pattern.compile("<([0-9]+) bytes>");

  /** All that came back. */
  record Result(
      Status status, Metadata headers, Metadata trailers, List<Message> responses, long millis) {}

  private Call() {}

  static CompletableFuture<Result> make(Case one, Channel channel) {
    MethodDescriptor<ConformanceRequest, ?> method = method(one.method());
    if (one.raw().isPresent()) {
      byte[] raw = HexFormat.of().parseHex(one.raw().get());
      return start(one, channel, sending(raw, method), List.of(raw));
    }
    return start(one, channel, method, one.requests().stream().map(Call::request).toList());
  }

  private static ConformanceRequest request(Object yaml) {
    String json = BYTES.matcher(JsonText.of(yaml)).replaceAll(Call::base64);
    return JsonCodec.standard().read(json.getBytes(UTF_8), ConformanceRequest.getDefaultInstance());
  }

  private static String base64(MatchResult bytes) {
    return Base64.getEncoder().encodeToString(new byte[Integer.parseInt(bytes.group(1))]);
  }

  @SuppressWarnings("unchecked")
  private static MethodDescriptor<ConformanceRequest, ?> method(String bareName) {
    return (MethodDescriptor<ConformanceRequest, ?>)
        ConformanceServiceGrpc.getServiceDescriptor().getMethods().stream()
            .filter(m -> bareName.equals(m.getBareMethodName()))
            .findFirst()
            .orElseGet(() -> unknown(bareName));
  }

  private static MethodDescriptor<?, ?> unknown(String bareName) {
    return ConformanceServiceGrpc.getUnaryMethod().toBuilder()
        .setFullMethodName(
            MethodDescriptor.generateFullMethodName(ConformanceServiceGrpc.SERVICE_NAME, bareName))
        .build();
  }

  private static <RespT> MethodDescriptor<byte[], RespT> sending(
      byte[] raw, MethodDescriptor<ConformanceRequest, RespT> method) {
    return method.toBuilder(new RawBytes(), method.getResponseMarshaller()).build();
  }

  private static <ReqT, RespT> CompletableFuture<Result> start(
      Case one, Channel channel, MethodDescriptor<ReqT, RespT> method, List<ReqT> requests) {
    CallOptions options = CallOptions.DEFAULT;
    if (one.timeout().isPresent()) {
      options = options.withDeadlineAfter(one.timeout().get());
    }
    Metadata metadata = new Metadata();
    one.metadata().forEach((name, value) -> Exchanged.put(metadata, name, value));
    ClientCall<ReqT, RespT> call = channel.newCall(method, options);
    Collecting<RespT> collecting = new Collecting<>();
    call.start(collecting, metadata);
    call.request(Integer.MAX_VALUE);
    requests.forEach(call::sendMessage);
    call.halfClose();
    one.cancelAfter()
        .ifPresent(after ->
            CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> call.cancel("as the case says", null)));
    return collecting.result;
  }

  private static final class Collecting<RespT> extends ClientCall.Listener<RespT> {
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final List<Message> responses = new CopyOnWriteArrayList<>();
    private final long began = System.nanoTime();
    private volatile Metadata headers = new Metadata();

    @Override
    public void onHeaders(Metadata received) {
      headers = received;
    }

    @Override
    public void onMessage(RespT response) {
      responses.add((Message) response);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      result.complete(new Result(status, headers, trailers, List.copyOf(responses), millis));
    }
  }

  private static final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream in) {
      throw new UnsupportedOperationException("raw bytes are only sent");
    }
  }
}
