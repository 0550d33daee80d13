/** Things that happened: {@link io.anywire.messaging.event.Events} and who subscribed to them. */
@NullMarked
package io.anywire.messaging.event;

import org.jspecify.annotations.NullMarked;
