/**
 * A broker on disk whose process is killed at random moments under load, and started again on the
 * same folder: everything that was acknowledged is accounted for.
 */
@NullMarked
package io.anywire.conformance.crash;

import org.jspecify.annotations.NullMarked;
