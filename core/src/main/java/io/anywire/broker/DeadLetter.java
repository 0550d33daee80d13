package io.anywire.broker;

import com.google.rpc.Status;
import java.time.Instant;

/**
 * A message that was given up. Immutable.
 *
 * @param message as it was published: bytes, attributes and headers
 * @param status why it was given up
 * @param attempts how many outcomes it had, the last one included
 * @param time when it was given up
 */
public record DeadLetter(Message message, Status status, int attempts, Instant time) {}
