package io.anywire.messaging.event;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.contract.ContractException;
import io.anywire.contract.EventTopic;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.messaging.envelope.Contracts;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.envelope.Lacking;
import io.anywire.messaging.publish.Publisher;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Calls that are events. */
final class EventPublisher implements Publisher {
  private final Contracts contracts = new Contracts();
  private final String source;
  private final String url;

  EventPublisher(String source, String url) {
    this.source = source;
    this.url = url;
  }

  @Override
  public void check(MethodDescriptor<?, ?> method) {
    contract(method);
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public <ReqT> Publication publication(
      Broker broker,
      MethodDescriptor<ReqT, ?> method,
      CallOptions options,
      Metadata headers,
      ReqT request,
      byte[] encoded) {
    MethodContract contract = contract(method);
    EventTopic topic = contract.event().orElseThrow();
    io.anywire.broker.Message.Builder message =
        Envelope.begin(contract.eventType(), source)
            .payload(UnsafeByteOperations.unsafeWrap(encoded));
    String id = headers.get(Events.MESSAGE_ID);
    if (id != null && !id.isBlank()) {
      message.attribute("id", id);
    }
    if (topic.orderingKey().isPresent()) {
      String what = EventSubscriptions.needsOrder(contract);
      Lacking.require(broker, Capability.ORDERED, what, url);
      topic
          .keyOf(protobuf(contract, request, encoded))
          .ifPresent(key -> {
            Explanation.say(options, "key", key);
            message.attribute(io.anywire.broker.Message.KEY, key);
          });
    }
    if (options.getOption(Events.TRACKED)) {
      Lacking.require(
          broker, Capability.RESULTS, contract.eventType() + ": it is to be tracked", url);
      message.header(Envelope.TRACKED, "true");
    }
    Envelope.addMetadata(message, headers);
    return new Publication(Topic.events(topic.topic()), message.build());
  }

  /** What the contract says of an event; {@code UNIMPLEMENTED} when the method is none. */
  MethodContract contract(MethodDescriptor<?, ?> method) {
    try {
      ServiceContract service =
          contracts
              .service(method)
              .map(ServiceContract::asEvents)
              .orElseThrow(() -> notAnEvent(method, "protobuf does not describe it"));
      return Contracts.in(service, method)
          .orElseThrow(() -> notAnEvent(method, "its service does not have it"));
    } catch (ContractException e) {
      throw notAnEvent(method, String.valueOf(e.getMessage()));
    }
  }

  private static Message protobuf(MethodContract contract, Object request, byte[] encoded) {
    if (request instanceof Message message) {
      return message;
    }
    try {
      return DynamicMessage.parseFrom(contract.inputType(), encoded);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("not a " + contract.inputType().getFullName() + ": " + e.getMessage())
          .asRuntimeException();
    }
  }

  private static StatusRuntimeException notAnEvent(MethodDescriptor<?, ?> method, String reason) {
    return Status.UNIMPLEMENTED
        .withDescription(method.getFullMethodName() + " cannot be published: " + reason)
        .asRuntimeException();
  }
}
