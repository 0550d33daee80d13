/** The order service: one handler for every wire, and a subscriber that cancels orders. */
@NullMarked
package io.anywire.examples.shop.orders;

import org.jspecify.annotations.NullMarked;
