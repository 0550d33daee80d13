/**
 * What surrounds a payload: CloudEvents attributes, gRPC metadata as headers, statuses. Not for use
 * outside this module.
 */
@NullMarked
package io.anywire.messaging.envelope;

import org.jspecify.annotations.NullMarked;
