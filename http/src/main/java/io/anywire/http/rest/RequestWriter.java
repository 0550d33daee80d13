package io.anywire.http.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.call.MessageForm;
import io.anywire.contract.FieldPath;
import io.anywire.contract.HttpRoute;
import io.anywire.contract.MethodContract;
import io.anywire.contract.RequestBody;
import io.anywire.http.connect.Envelope;
import io.anywire.http.rest.Representations.Chosen;
import io.anywire.json.JsonCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Turns a request into path, query and body: by the first of the method's routes that can carry all
 * of it and gives the whole response, else by its name in the Connect protocol. Immutable and
 * thread-safe.
 */
final class RequestWriter {
  /** What every server takes as a request line, with room for host and headers. */
  private static final int LONGEST_TARGET = 2000;

  private static final JsonFactory JSON = new JsonFactory();

  private final MethodContract contract;
  private final JsonCodec codec;
  private final Chosen routed;
  private final Chosen named;
  private final boolean alwaysByName;

  /**
   * For one method.
   *
   * @param codec what queries are written by
   * @param routed what bodies are written in by a route, {@code named} the same by name
   * @param alwaysByName leaves the routes alone
   */
  RequestWriter(
      MethodContract contract, JsonCodec codec, Chosen routed, Chosen named, boolean alwaysByName) {
    this.contract = contract;
    this.codec = codec;
    this.routed = routed;
    this.named = named;
    this.alwaysByName = alwaysByName;
  }

  /**
   * A request as HTTP has it.
   *
   * @param target path and query
   * @param body empty where there is none
   * @param form what the body is written in, and a single response is wanted in
   * @param route the route as the contract writes it, for explanations
   * @param responseBody the response's field that the response will be; empty: all of it
   * @param byName whether it is a call of the Connect protocol
   */
  record Written(
      String verb,
      String target,
      Optional<byte[]> body,
      Chosen form,
      String route,
      Optional<FieldDescriptor> responseBody,
      boolean byName) {}

  /**
   * Writes a request.
   *
   * @throws io.anywire.codec.CodecException when it cannot be written in the form
   */
  Written write(Message request) {
    if (!alwaysByName) {
      for (HttpRoute route : contract.routes()) {
        Optional<Written> written = by(route, request);
        if (written.isPresent()) {
          return written.get();
        }
      }
    }
    String path = "/" + contract.fullName();
    byte[] whole = whole(named, request);
    byte[] body = contract.serverStreams() ? Envelope.of(whole) : whole;
    return new Written(
        "POST", path, Optional.of(body), named, "POST " + path, Optional.empty(), true);
  }

  private Optional<Written> by(HttpRoute route, Message request) {
    if (!route.path().isExpandable() || !givesWholeResponse(route)) {
      return Optional.empty();
    }
    StringBuilder query = new StringBuilder();
    Optional<byte[]> body = Optional.empty();
    String path;
    try {
      path = route.path().expand(request);
      Set<String> bound = bound(route, request);
      switch (route.body()) {
        case RequestBody.Whole whole -> body = Optional.of(whole(routed, less(bound, request)));
        case RequestBody.Field(FieldDescriptor field) -> {
          body = body(MessageForm.field(request, field), request);
          bound.add(field.getName());
          query(request, "", "", bound, query);
        }
        case RequestBody.None none -> query(request, "", "", bound, query);
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String target = query.isEmpty() ? path : path + "?" + query;
    if (target.length() > LONGEST_TARGET) {
      return Optional.empty();
    }
    boolean any = route.verb().equals(HttpRoute.ANY_VERB);
    String verb = any ? (body.isPresent() ? "POST" : "GET") : route.verb();
    return Optional.of(
        new Written(verb, target, body, routed, route.toString(), route.responseBody(), false));
  }

  private boolean givesWholeResponse(HttpRoute route) {
    return route.responseBody().isEmpty() || contract.outputType().getFields().size() == 1;
  }

  /** The fields that the path carries, by name. */
  private static Set<String> bound(HttpRoute route, Message request) {
    Set<String> bound = new HashSet<>();
    for (FieldPath path : route.path().variables()) {
      requireParents(path, request);
      bound.add(path.toString());
    }
    return bound;
  }

  /** A path would make messages present that are not. */
  private static void requireParents(FieldPath path, Message request) {
    Message current = request;
    for (FieldDescriptor field : path.fields().subList(0, path.fields().size() - 1)) {
      FieldDescriptor own = MessageForm.field(current, field);
      if (!current.hasField(own)) {
        throw new IllegalArgumentException(path + ": not set");
      }
      current = (Message) current.getField(own);
    }
  }

  private static Message less(Set<String> bound, Message request) {
    Message.Builder rest = request.toBuilder();
    for (String path : bound) {
      Message.Builder current = rest;
      List<String> names = List.of(path.split("\\.", -1));
      for (String name : names.subList(0, names.size() - 1)) {
        current = current.getFieldBuilder(current.getDescriptorForType().findFieldByName(name));
      }
      current.clearField(current.getDescriptorForType().findFieldByName(names.getLast()));
    }
    return rest.buildPartial();
  }

  private Optional<byte[]> body(FieldDescriptor field, Message request) {
    if (field.hasPresence() && !request.hasField(field)) {
      return Optional.empty();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    routed.form().writeField(request, field, out);
    return Optional.of(out.toByteArray());
  }

  private static byte[] whole(Chosen form, Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    form.form().write(message, out);
    return out.toByteArray();
  }

  private byte[] fieldJson(Message message, FieldDescriptor field) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.writeField(message, field, out);
    return out.toByteArray();
  }

  /**
   * Appends what is set and not carried elsewhere.
   *
   * @param names the path to this message, in proto names; {@code jsonNames} the same in JSON names
   * @throws IllegalArgumentException when a query cannot carry it
   */
  private void query(
      Message message, String names, String jsonNames, Set<String> bound, StringBuilder query) {
    for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
      FieldDescriptor field = set.getKey();
      String name = names + field.getName();
      String jsonName = jsonNames + field.getJsonName();
      if (bound.contains(name)) {
        continue;
      }
      boolean text =
          FieldPath.find(message.getDescriptorForType(), field.getName())
              .filter(FieldPath::hasText)
              .isPresent();
      if (text) {
        texts(message, field, value -> Query.append(query, jsonName, value));
      } else {
        inner(field, set.getValue(), name, jsonName, bound, query);
      }
    }
  }

  private void inner(
      FieldDescriptor field,
      Object value,
      String name,
      String jsonName,
      Set<String> bound,
      StringBuilder query) {
    boolean partlyBound = bound.stream().anyMatch(path -> path.startsWith(name + "."));
    if (field.isRepeated()
        || !(value instanceof Message inner)
        || inner.getDescriptorForType().getFile().getPackage().equals("google.protobuf")
        || (inner.getAllFields().isEmpty() && !partlyBound)) {
      throw new IllegalArgumentException(name + ": not for a query");
    }
    query(inner, name + ".", jsonName + ".", bound, query);
  }

  /** The field's values as JSON writes them, without quotes. */
  private void texts(Message message, FieldDescriptor field, Consumer<String> text) {
    try (JsonParser in = JSON.createParser(fieldJson(message, field))) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        if (token.isScalarValue()) {
          text.accept(in.getText());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
