package io.anywire.messaging.envelope;

import com.google.protobuf.Message;
import io.anywire.json.JsonCodec;
import io.anywire.xml.XmlCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What payloads are written in. Unknown fields are passed over when reading. */
public enum Codec {
  /** Protobuf's binary form. */
  PROTOBUF("application/protobuf") {
    @Override
    public byte[] write(Message message) {
      return message.toByteArray();
    }

    @Override
    public Message read(byte[] payload, Message prototype) {
      throw new IllegalStateException("the method's own marshaller reads protobuf");
    }
  },

  /** Canonical protobuf JSON. */
  JSON("application/json") {
    @Override
    public byte[] write(Message message) {
      return READS_JSON.writeBytes(message);
    }

    @Override
    public Message read(byte[] payload, Message prototype) {
      return READS_JSON.read(payload, prototype);
    }
  },

  /** XML by the mapping of {@code docs/xml.md}. */
  XML("application/xml") {
    @Override
    public byte[] write(Message message) {
      return READS_XML.writeBytes(message);
    }

    @Override
    public Message read(byte[] payload, Message prototype) {
      return READS_XML.read(payload, prototype);
    }
  };

  private static final JsonCodec READS_JSON = JsonCodec.builder().ignoreUnknownFields(true).build();
  private static final XmlCodec READS_XML = XmlCodec.builder().ignoreUnknownFields(true).build();

  /** As a URL's parameter names them. */
  public static final List<String> NAMES =
      Arrays.stream(values()).map(c -> c.name().toLowerCase(Locale.ROOT)).toList();

  private final String mediaType;

  Codec(String mediaType) {
    this.mediaType = mediaType;
  }

  /** By the name that a URL's parameter gives it. */
  public static Codec named(String parameter) {
    return valueOf(parameter.toUpperCase(Locale.ROOT));
  }

  /** By a media type without parameters, in lower case. */
  public static Optional<Codec> of(String mediaType) {
    return switch (mediaType) {
      case "application/protobuf",
          "application/x-protobuf",
          "application/vnd.google.protobuf",
          "application/octet-stream" ->
          Optional.of(PROTOBUF);
      case "application/xml", "text/xml" -> Optional.of(XML);
      default -> StructuredMode.isJson(mediaType) ? Optional.of(JSON) : Optional.empty();
    };
  }

  /** What {@code datacontenttype} says. */
  public String mediaType() {
    return mediaType;
  }

  /** A message as bytes. */
  public abstract byte[] write(Message message);

  /**
   * The message that text is.
   *
   * @throws io.anywire.codec.CodecException when it does not fit
   */
  public abstract Message read(byte[] payload, Message prototype);
}
