package io.anywire.xml;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.TypeRegistry;
import io.anywire.codec.TypeUrls;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;

/** Settings of an {@link XmlCodec}. Not thread-safe. */
public final class XmlCodecBuilder {
  /** One message is at most this many elements deep: itself, a Value around it, a wrapping Any. */
  private static final int LEVELS_PER_MESSAGE = 3;

  /** Ours are four; declarations of namespaces count, too. */
  private static final int MOST_ATTRIBUTES = 32;

  private boolean ignoreUnknownFields;
  private boolean printDefaults;
  private TypeRegistry types = TypeRegistry.getEmptyTypeRegistry();
  private ExtensionRegistry extensions = ExtensionRegistry.getEmptyRegistry();
  private int maxDepth = 100;
  private int maxKeyLength = 1 << 20;

  XmlCodecBuilder() {}

  /**
   * Whether unknown elements and attributes, and enum values of unknown name, are skipped; false by
   * default.
   */
  public XmlCodecBuilder ignoreUnknownFields(boolean ignore) {
    ignoreUnknownFields = ignore;
    return this;
  }

  /** Whether scalars without presence are written when empty, too; false by default. */
  public XmlCodecBuilder printDefaults(boolean print) {
    printDefaults = print;
    return this;
  }

  /** The types that an {@code Any} may hold, besides those of {@link XmlCodec#standard()}. */
  public XmlCodecBuilder types(TypeRegistry registry) {
    types = registry;
    return this;
  }

  /** The extensions that may be read; none by default. */
  public XmlCodecBuilder extensions(ExtensionRegistry registry) {
    extensions = registry;
    return this;
  }

  /** The most messages below one another, the outermost not counted, from 1; 100 by default. */
  public XmlCodecBuilder maxDepth(int messages) {
    maxDepth = positive("maxDepth", messages);
    return this;
  }

  /**
   * The longest key of a map, or other attribute, that is read, in characters, from 1; 1,048,576 by
   * default.
   */
  public XmlCodecBuilder maxKeyLength(int characters) {
    maxKeyLength = positive("maxKeyLength", characters);
    return this;
  }

  /** Makes the codec. */
  public XmlCodec build() {
    return new XmlCodec(this);
  }

  TypeUrls typeUrls() {
    return new TypeUrls(types);
  }

  boolean printsDefaults() {
    return printDefaults;
  }

  ElementReader.ReadRules rules(TypeUrls urls) {
    return new ElementReader.ReadRules(urls, extensions, ignoreUnknownFields, maxDepth);
  }

  /**
   * Knows no document types and opens nothing; texts of any length, since whoever gave them bounded
   * them. Woodstox rather than the JDK's parser, which took six times as long and eight times the
   * memory for a small message, bounds no attribute, and prints what it finds wrong.
   */
  WstxInputFactory factory() {
    WstxInputFactory factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // An entity that nobody declared is then an error, even in an attribute.
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(WstxInputProperties.P_LAZY_PARSING, false);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, MOST_ATTRIBUTES);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, maxKeyLength);
    factory.setProperty(
        WstxInputProperties.P_MAX_ELEMENT_DEPTH,
        (int) Math.min(Integer.MAX_VALUE, (maxDepth + 1L) * LEVELS_PER_MESSAGE));
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("an external entity (expected: none)");
    });
    return factory;
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
    return value;
  }
}
