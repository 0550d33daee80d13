/**
 * What requests may say, and how they are refused: every wrong field at once, in the standard
 * details.
 */
@NullMarked
package io.anywire.examples.shop.request;

import org.jspecify.annotations.NullMarked;
