package io.anywire.messaging.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.anywire.broker.Message;
import io.anywire.messaging.envelope.MetadataEntries;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.messaging.rpc.v1.Cancel;
import io.anywire.messaging.rpc.v1.Entry;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Status;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;

/** Frames as messages, and gRPC's terms as parts of frames. */
final class Frames {
  /** What numbers, credits and addresses add to a frame at most. */
  private static final int ADDRESS_BYTES = 512;

  private Frames() {}

  /** The message that carries a frame. */
  static Message message(Frame frame) {
    return Message.of(frame.toByteString());
  }

  /**
   * Refuses a frame that the broker would not take.
   *
   * @param limit of the broker, in bytes
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED}
   */
  static void requireFits(Frame.Builder frame, int limit) {
    int size = frame.build().getSerializedSize() + ADDRESS_BYTES;
    if (size > limit) {
      throw io.grpc.Status.RESOURCE_EXHAUSTED
          .withDescription("a frame of " + size + " bytes (expected: <= " + limit + ")")
          .asRuntimeException();
    }
  }

  /** Says that nobody waits any more. */
  static Frame.Builder cancel() {
    return Frame.newBuilder().setCancel(Cancel.getDefaultInstance());
  }

  /** The end of a call, without trailers. */
  static Frame.Builder ended(io.grpc.Status status) {
    return Frame.newBuilder().setStatus(status(status, new Metadata()));
  }

  /** Bytes that nobody changes any more. */
  static ByteString bytes(byte[] encoded) {
    return UnsafeByteOperations.unsafeWrap(encoded);
  }

  static List<Entry> entries(Metadata metadata) {
    List<Entry> entries = new ArrayList<>();
    MetadataEntries.forEach(
        metadata,
        (key, value) -> entries.add(Entry.newBuilder().setKey(key).setValue(bytes(value)).build()));
    return entries;
  }

  /**
   * @throws IllegalArgumentException when metadata cannot have such a key
   */
  static Metadata metadata(List<Entry> entries) {
    Metadata metadata = new Metadata();
    entries.forEach(e -> MetadataEntries.put(metadata, e.getKey(), e.getValue().toByteArray()));
    return metadata;
  }

  static Status status(io.grpc.Status status, Metadata trailers) {
    return Status.newBuilder()
        .setStatus(RpcStatus.of(status, trailers))
        .addAllMetadata(entries(RpcStatus.withoutDetails(trailers)))
        .build();
  }
}
