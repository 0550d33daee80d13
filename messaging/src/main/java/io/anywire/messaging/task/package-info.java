/** Work that is left for later: {@link io.anywire.messaging.task.Tasks} and their handles. */
@NullMarked
package io.anywire.messaging.task;

import org.jspecify.annotations.NullMarked;
