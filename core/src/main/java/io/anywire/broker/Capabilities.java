package io.anywire.broker;

/**
 * What a broker can do. What a contract needs and the broker lacks fails at start-up, by the name
 * of the component here.
 *
 * @param durable what was acknowledged survives a restart of the broker
 * @param ordered messages with one ordering key are delivered one at a time, in order
 * @param replies it has inboxes, so calls can be answered
 * @param results it keeps results
 * @param maxMessageBytes the largest payload, in bytes; larger ones fail at publish
 */
public record Capabilities(
    boolean durable, boolean ordered, boolean replies, boolean results, int maxMessageBytes) {}
