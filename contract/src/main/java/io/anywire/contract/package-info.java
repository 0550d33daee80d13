/**
 * The immutable model of a contract: services, methods, HTTP routes, topics and policies, read from
 * protobuf descriptors and checked before anything is served.
 */
@NullMarked
package io.anywire.contract;

import org.jspecify.annotations.NullMarked;
