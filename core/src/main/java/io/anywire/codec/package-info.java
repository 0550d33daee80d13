/**
 * What the text codecs, JSON and XML, share: a plan for each message type, made once, and the text
 * forms of values. Public for their sake only: nothing here is meant for applications.
 */
@NullMarked
package io.anywire.codec;

import org.jspecify.annotations.NullMarked;
