/**
 * Protobuf messages as XML and back, by the mapping that {@code docs/xml.md} lays down: over a
 * streaming parser, a writer on bytes, and the plans that JSON uses, too. No tree is ever built.
 */
@NullMarked
package io.anywire.xml;

import org.jspecify.annotations.NullMarked;
