package io.anywire.http.rest;

import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.anywire.codec.ElementNames;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * The fields that an XML document names. The codec has read it before, so it holds nothing that
 * would not be harmless.
 */
final class XmlPaths {
  private final XMLStreamReader in;
  private final Set<String> paths = new LinkedHashSet<>();

  private XmlPaths(XMLStreamReader in) {
    this.in = in;
  }

  static Set<String> of(byte[] document, Descriptor type) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XmlPaths walk =
          new XmlPaths(factory.createXMLStreamReader(new ByteArrayInputStream(document)));
      walk.in.nextTag();
      walk.children(type, "");
      return walk.paths;
    } catch (XMLStreamException e) {
      throw new IllegalStateException("read before, and now malformed", e);
    }
  }

  /** From an element's start to its end; false when no element is inside. */
  private boolean children(Descriptor type, String prefix) throws XMLStreamException {
    boolean some = false;
    for (int event = in.next(); event != END_ELEMENT; event = in.next()) {
      if (event == START_ELEMENT) {
        some = true;
        child(UpdateMask.named(type, ElementNames.decode(in.getLocalName())), prefix);
      }
    }
    return some;
  }

  private void child(@Nullable FieldDescriptor field, String prefix) throws XMLStreamException {
    if (field == null) {
      skip();
      return;
    }
    String path = prefix + field.getName();
    if (!UpdateMask.isPlain(field)) {
      paths.add(path);
      skip();
    } else if (!children(field.getMessageType(), path + ".")) {
      paths.add(path);
    }
  }

  private void skip() throws XMLStreamException {
    for (int open = 1; open > 0; ) {
      int event = in.next();
      open += event == START_ELEMENT ? 1 : event == END_ELEMENT ? -1 : 0;
    }
  }
}
