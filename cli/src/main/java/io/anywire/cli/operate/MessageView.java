package io.anywire.cli.operate;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.broker.Message;
import io.anywire.cli.contract.ContractSource;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import java.util.Base64;
import java.util.Optional;

/**
 * Shows messages: what is inside as JSON, where it is JSON, or protobuf of a method whose contract
 * is known, and as bytes where not.
 */
record MessageView(ContractSource contracts) {
  private static final JsonCodec JSON = JsonCodec.builder().printDefaults(true).build();
  private static final int MAX_CELL = 80;

  /** Adds the fields of a message to a line of JSON. */
  JsonLine json(JsonLine line, Message message) {
    line.put("id", message.id())
        .put("type", message.type())
        .put("attributes", message.attributes())
        .put("headers", message.headers())
        .put("contentType", contentType(message));
    Optional<String> data = data(message);
    return data.isPresent()
        ? line.putJson("data", data.get())
        : line.put(
            "dataBase64", Base64.getEncoder().encodeToString(message.payload().toByteArray()));
  }

  /** What is inside, for a cell of a table. */
  String cell(Message message) {
    String text = data(message).orElseGet(() -> size(message));
    return text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL - 1) + "…";
  }

  private static String size(Message message) {
    String type = contentType(message);
    return message.payload().size() + " bytes" + (type.isEmpty() ? "" : " of " + type);
  }

  private Optional<String> data(Message message) {
    String type = contentType(message);
    return type.matches("application/(.*\\+)?json\\b.*")
        ? JsonLine.compact(message.payload().toByteArray())
        : method(message.type())
            .filter(method -> type.contains("protobuf") || type.isEmpty())
            .flatMap(method -> protobuf(method.getInputType(), message.payload()));
  }

  private static String contentType(Message message) {
    return message.attributes().getOrDefault("datacontenttype", "");
  }

  /** The method that a type names: {@code package.Service.Method}. */
  private Optional<MethodDescriptor> method(String type) {
    int dot = type.lastIndexOf('.');
    return dot < 1
        ? Optional.empty()
        : contracts
            .service(type.substring(0, dot))
            .flatMap(
                service -> Optional.ofNullable(service.findMethodByName(type.substring(dot + 1))));
  }

  private static Optional<String> protobuf(Descriptor type, ByteString payload) {
    try {
      return Optional.of(JSON.writeString(DynamicMessage.parseFrom(type, payload)));
    } catch (InvalidProtocolBufferException | JsonException e) {
      return Optional.empty();
    }
  }
}
