/**
 * The shop's tables over plain JDBC, the same SQL for H2 and PostgreSQL: transactions, and the two
 * tables that tie them to messages, {@link io.anywire.examples.shop.storage.Outbox} and {@link
 * io.anywire.examples.shop.storage.Inbox}.
 */
@NullMarked
package io.anywire.examples.shop.storage;

import org.jspecify.annotations.NullMarked;
