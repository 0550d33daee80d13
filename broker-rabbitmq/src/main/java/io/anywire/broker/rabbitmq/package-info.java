/**
 * The driver for RabbitMQ over AMQP 0.9.1. Every object that it makes in the broker has a name that
 * begins with {@code anywire.}: see {@link io.anywire.broker.rabbitmq.Names}.
 */
@NullMarked
package io.anywire.broker.rabbitmq;

import org.jspecify.annotations.NullMarked;
