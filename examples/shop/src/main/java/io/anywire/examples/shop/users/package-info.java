/** The user service: one handler for every wire, and a subscriber that counts orders. */
@NullMarked
package io.anywire.examples.shop.users;

import org.jspecify.annotations.NullMarked;
