package io.anywire.messaging.deliver;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.contract.TaskPolicy;

/**
 * How one attempt ended. Immutable.
 *
 * @param message what was delivered
 * @param attempt its number, from 1
 * @param policy the contract's
 * @param status what the handler said, or why it was not asked
 * @param response what it returned; empty unless the status is OK
 * @param outcome what follows
 */
public record Ending(
    Message message,
    int attempt,
    TaskPolicy policy,
    Status status,
    ByteString response,
    Outcome outcome) {}
