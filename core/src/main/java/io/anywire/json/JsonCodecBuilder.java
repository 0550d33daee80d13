package io.anywire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.TypeRegistry;
import io.anywire.codec.TypeUrls;

/** Settings of a {@link JsonCodec}. Not thread-safe. */
public final class JsonCodecBuilder {
  /** One message is at most this many JSON levels: itself, a list or map, and a wrapping Any. */
  private static final int LEVELS_PER_MESSAGE = 3;

  private boolean ignoreUnknownFields;
  private boolean printDefaults;
  private TypeRegistry types = TypeRegistry.getEmptyTypeRegistry();
  private ExtensionRegistry extensions = ExtensionRegistry.getEmptyRegistry();
  private int maxDepth = 100;
  private int maxNumberLength = 1000;

  JsonCodecBuilder() {}

  /** Whether unknown fields, and enum values of unknown name, are skipped; false by default. */
  public JsonCodecBuilder ignoreUnknownFields(boolean ignore) {
    ignoreUnknownFields = ignore;
    return this;
  }

  /** Whether fields without presence are written when empty, too; false by default. */
  public JsonCodecBuilder printDefaults(boolean print) {
    printDefaults = print;
    return this;
  }

  /** The types that an {@code Any} may hold, besides those of {@link JsonCodec#standard()}. */
  public JsonCodecBuilder types(TypeRegistry registry) {
    types = registry;
    return this;
  }

  /** The extensions that may be read, named {@code [full.name]}; none by default. */
  public JsonCodecBuilder extensions(ExtensionRegistry registry) {
    extensions = registry;
    return this;
  }

  /** The most messages below one another, the outermost not counted, from 1; 100 by default. */
  public JsonCodecBuilder maxDepth(int messages) {
    maxDepth = positive("maxDepth", messages);
    return this;
  }

  /** The longest number that is read, in characters, from 1; 1000 by default. */
  public JsonCodecBuilder maxNumberLength(int characters) {
    maxNumberLength = positive("maxNumberLength", characters);
    return this;
  }

  /** Makes the codec. */
  public JsonCodec build() {
    return new JsonCodec(this);
  }

  TypeUrls typeUrls() {
    return new TypeUrls(types);
  }

  boolean printsDefaults() {
    return printDefaults;
  }

  MessageReader.ReadRules rules(TypeUrls urls) {
    return new MessageReader.ReadRules(urls, extensions, ignoreUnknownFields, maxDepth);
  }

  /**
   * Pools that virtual threads share; texts of any length, since whoever gave them bounded them.
   */
  JsonFactory factory() {
    return new JsonFactoryBuilder()
        .recyclerPool(new StripedRecyclers())
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(
                    (int) Math.min(Integer.MAX_VALUE, maxDepth * (long) LEVELS_PER_MESSAGE))
                .maxNumberLength(maxNumberLength)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build())
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .build()
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
    return value;
  }
}
