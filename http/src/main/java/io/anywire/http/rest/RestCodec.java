package io.anywire.http.rest;

import com.google.protobuf.TypeRegistry;
import io.anywire.http.rest.Representations.Chosen;
import io.anywire.json.JsonCodec;
import io.anywire.xml.XmlCodec;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a channel writes requests in, and wants single responses in. */
enum RestCodec {
  /** Canonical protobuf JSON. */
  JSON {
    @Override
    Representation form(JsonCodec json, TypeRegistry types) {
      return new JsonRepresentation(json);
    }
  },

  /** XML by the mapping of {@code docs/xml.md}. */
  XML {
    @Override
    Representation form(JsonCodec json, TypeRegistry types) {
      return new XmlRepresentation(
          XmlCodec.builder().types(types).ignoreUnknownFields(true).build());
    }
  },

  /** Protobuf's own form. */
  PROTOBUF {
    @Override
    Representation form(JsonCodec json, TypeRegistry types) {
      return new ProtobufRepresentation();
    }
  };

  /** What Connect calls protobuf's own form. */
  private static final String CONNECT_PROTOBUF = "application/proto";

  /** As the URL's parameter names them. */
  static final List<String> NAMES = Arrays.stream(values()).map(RestCodec::parameter).toList();

  /** By the name that the URL's parameter gives it. */
  static RestCodec named(String parameter) {
    return valueOf(parameter.toUpperCase(Locale.ROOT));
  }

  /**
   * How messages are written by a method's routes.
   *
   * @param types what an {@code Any} may hold
   */
  final Chosen byRoute(JsonCodec json, TypeRegistry types) {
    Representation form = form(json, types);
    return chosen(form, form.mediaTypes().getFirst());
  }

  /** The same by a method's name: the Connect protocol knows JSON and protobuf only. */
  final Chosen byName(JsonCodec json) {
    return this == PROTOBUF
        ? chosen(new ProtobufRepresentation(), CONNECT_PROTOBUF)
        : chosen(new JsonRepresentation(json), MediaTypes.JSON);
  }

  abstract Representation form(JsonCodec json, TypeRegistry types);

  private static Chosen chosen(Representation form, String mediaType) {
    return new Chosen(form, mediaType, AsciiString.cached(mediaType));
  }

  private String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
