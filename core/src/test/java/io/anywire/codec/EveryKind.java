package io.anywire.codec;

import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Empty;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import io.anywire.json.test.Choice;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Legacy;
import io.anywire.json.test.Lists;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Modern;
import io.anywire.json.test.Names;
import io.anywire.json.test.Optionals;
import io.anywire.json.test.Scalars;
import io.anywire.json.test.WellKnown;
import java.util.List;

/** Message types with every kind of field, for tests that go through all of them. */
public final class EveryKind {
  /** What the test messages' Anys hold. */
  public static final List<Message> IN_ANY =
      List.of(
          Scalars.getDefaultInstance(),
          Choice.getDefaultInstance(),
          WellKnown.getDefaultInstance(),
          Legacy.getDefaultInstance(),
          Timestamp.getDefaultInstance(),
          Duration.getDefaultInstance(),
          Struct.getDefaultInstance(),
          Value.getDefaultInstance(),
          Int64Value.getDefaultInstance(),
          Empty.getDefaultInstance());

  /** The types of those. */
  public static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(IN_ANY.stream().map(Message::getDescriptorForType).toList())
          .build();

  /** An empty message of each type. */
  public static final List<Message> MESSAGES =
      List.of(
          Scalars.getDefaultInstance(),
          Optionals.getDefaultInstance(),
          Lists.getDefaultInstance(),
          Maps.getDefaultInstance(),
          Choice.getDefaultInstance(),
          WellKnown.getDefaultInstance(),
          Names.getDefaultInstance(),
          Everything.getDefaultInstance(),
          Legacy.getDefaultInstance(),
          Modern.getDefaultInstance(),
          Struct.getDefaultInstance(),
          Value.getDefaultInstance(),
          ListValue.getDefaultInstance(),
          Timestamp.getDefaultInstance(),
          Duration.getDefaultInstance(),
          DynamicMessage.getDefaultInstance(Everything.getDescriptor()),
          DynamicMessage.getDefaultInstance(WellKnown.getDescriptor()),
          DynamicMessage.getDefaultInstance(Maps.getDescriptor()),
          DynamicMessage.getDefaultInstance(Legacy.getDescriptor()));

  private EveryKind() {}
}
