package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.anywire.codec.CodecException;
import io.anywire.xml.XmlCodec;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * XML by the mapping of {@code docs/xml.md}. Errors are problems of RFC 9457, appendix B, with
 * {@code code}, {@code reason} and {@code details} beside its own elements; each item of the
 * details is an {@code Any}.
 */
record XmlRepresentation(XmlCodec codec) implements Representation {
  private static final List<String> TYPES = List.of("application/xml", "text/xml");
  private static final String NAMESPACE = "urn:ietf:rfc:7807";

  @Override
  public List<String> mediaTypes() {
    return TYPES;
  }

  @Override
  public String tagSuffix() {
    return "--xml";
  }

  @Override
  public void write(Message message, OutputStream out) {
    codec.write(message, out);
  }

  @Override
  public void writeField(Message message, FieldDescriptor field, OutputStream out) {
    codec.writeField(message, field, out);
  }

  @Override
  public void merge(byte[] body, Message.Builder into) {
    try {
      codec.merge(body, into);
    } catch (CodecException e) {
      throw Representation.rejected("", e.path(), e.description(), e.line(), e.column());
    }
  }

  @Override
  public void mergeField(byte[] body, Message.Builder into, FieldDescriptor field) {
    try {
      codec.mergeField(body, into, field);
    } catch (CodecException e) {
      throw Representation.rejected(
          field.getName(), e.path(), e.description(), e.line(), e.column());
    }
  }

  @Override
  public Set<String> paths(byte[] body, Descriptor type) {
    return XmlPaths.of(body, type);
  }

  @Override
  public String problemType() {
    return "application/problem+xml";
  }

  @Override
  public byte[] problem(int httpStatus, Status status) {
    StringBuilder xml = new StringBuilder(512);
    xml.append("<problem xmlns=\"").append(NAMESPACE).append("\">");
    element(xml, "type", "about:blank");
    element(xml, "title", HttpStatuses.title(httpStatus));
    element(xml, "status", Integer.toString(httpStatus));
    if (!status.getMessage().isEmpty()) {
      element(xml, "detail", status.getMessage());
    }
    element(xml, "code", Problem.code(status).name());
    Problem.reason(status).ifPresent(reason -> element(xml, "reason", reason));
    if (status.getDetailsCount() > 0) {
      xml.append("<details>");
      status.getDetailsList().forEach(detail -> xml.append(item(detail)));
      xml.append("</details>");
    }
    return xml.append("</problem>").toString().getBytes(UTF_8);
  }

  /** What nobody here knows the type of is left as its bytes. */
  private String item(Any detail) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      codec.write(detail, out);
      String any = out.toString(UTF_8);
      return any.endsWith("</Any>")
          ? "<i" + any.substring("<Any".length(), any.length() - "</Any>".length()) + "</i>"
          : "<i" + any.substring("<Any".length());
    } catch (CodecException e) {
      StringBuilder item = new StringBuilder("<i>");
      element(item, "type_url", detail.getTypeUrl());
      element(item, "value", Base64.getEncoder().encodeToString(detail.getValue().toByteArray()));
      return item.append("</i>").toString();
    }
  }

  private static void element(StringBuilder xml, String name, String text) {
    xml.append('<').append(name).append('>');
    text.codePoints().forEach(c -> escape(xml, c));
    xml.append("</").append(name).append('>');
  }

  /** What XML 1.0 cannot carry at all is shown as U+FFFD. */
  private static void escape(StringBuilder xml, int c) {
    switch (c) {
      case '<' -> xml.append("&lt;");
      case '>' -> xml.append("&gt;");
      case '&' -> xml.append("&amp;");
      case '\r' -> xml.append("&#13;");
      case '\t', '\n' -> xml.append((char) c);
      default -> {
        boolean fits = c >= ' ' && !(c >= 0xD800 && c <= 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
        xml.appendCodePoint(fits ? c : 0xFFFD);
      }
    }
  }
}
