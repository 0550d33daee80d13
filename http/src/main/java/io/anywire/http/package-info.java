/** REST and gRPC on one port, and the channels that call them. */
@NullMarked
package io.anywire.http;

import org.jspecify.annotations.NullMarked;
