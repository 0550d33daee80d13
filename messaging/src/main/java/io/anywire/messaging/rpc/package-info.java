/**
 * RPC over a queue: requests through a queue that all servers share, replies to a private inbox.
 * Not for use outside this module.
 */
@NullMarked
package io.anywire.messaging.rpc;

import org.jspecify.annotations.NullMarked;
