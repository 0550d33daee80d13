package io.anywire.call;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What a method takes or gives, as a protobuf message, whatever its marshaller: generated and
 * dynamic messages are used as they are, anything else goes through its bytes. Immutable.
 *
 * @param prototype an empty message of the type that is built and read
 * @param direct whether the method's own type is a message
 */
public record MessageForm<T>(Marshaller<T> marshaller, Message prototype, boolean direct) {

  /** The form of a method's type, whose protobuf type is {@code type}. */
  public static <T> MessageForm<T> of(Marshaller<T> marshaller, Descriptor type) {
    return marshaller instanceof PrototypeMarshaller<T> known
            && known.getMessagePrototype() instanceof Message message
        ? new MessageForm<>(marshaller, message, true)
        : new MessageForm<>(marshaller, DynamicMessage.getDefaultInstance(type), false);
  }

  /** The method's own type. */
  public T typed(Message built) {
    if (!direct) {
      return marshaller.parse(built.toByteString().newInput());
    }
    @SuppressWarnings("unchecked") // A builder of the marshaller's own prototype built it.
    T typed = (T) built;
    return typed;
  }

  /** The message that a value of the method's own type is. */
  public Message message(T value) {
    if (value instanceof Message message) {
      return message;
    }
    try (InputStream in = marshaller.stream(value)) {
      return prototype.getParserForType().parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL
          .withDescription("not a " + prototype.getDescriptorForType().getFullName())
          .withCause(e)
          .asRuntimeException();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A contract's field, in this message's own descriptors. */
  public static FieldDescriptor field(Message in, FieldDescriptor field) {
    FieldDescriptor own = in.getDescriptorForType().findFieldByNumber(field.getNumber());
    return own == null ? field : own;
  }
}
