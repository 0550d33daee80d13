package io.anywire.cli.operate;

import io.anywire.broker.Topic;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code queue}, {@code events}, {@code calls}. */
public final class Kinds implements ITypeConverter<Topic.Kind> {
  @Override
  public Topic.Kind convert(String text) {
    return Arrays.stream(Topic.Kind.values())
        .filter(kind -> kind.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("'" + text + "' (expected: queue, events or calls)"));
  }
}
