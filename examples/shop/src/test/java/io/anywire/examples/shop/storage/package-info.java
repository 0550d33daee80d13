/** What ties the shop's databases to its events. */
@NullMarked
package io.anywire.examples.shop.storage;

import org.jspecify.annotations.NullMarked;
