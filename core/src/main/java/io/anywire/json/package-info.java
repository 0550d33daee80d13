/**
 * Canonical protobuf JSON over a streaming parser and generator: a plan per message type is made
 * once, and no tree is ever built.
 */
@NullMarked
package io.anywire.json;

import org.jspecify.annotations.NullMarked;
