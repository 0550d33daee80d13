/**
 * Calls that are over when the broker has taken a message: leaving a task, publishing an event. Not
 * for use outside this module.
 */
@NullMarked
package io.anywire.messaging.publish;

import org.jspecify.annotations.NullMarked;
