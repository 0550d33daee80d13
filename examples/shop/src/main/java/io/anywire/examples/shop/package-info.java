/** A user service and an order service that use every wire. */
@NullMarked
package io.anywire.examples.shop;

import org.jspecify.annotations.NullMarked;
