/**
 * What a broker has to provide: topics with subscriptions, private inboxes for replies, and results
 * that are kept for a while. Everything above it, such as retries, deadlines and dead-letter
 * policy, is decided once in the messaging module; a driver never retries on its own.
 */
@NullMarked
package io.anywire.broker;

import org.jspecify.annotations.NullMarked;
