package io.anywire;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Promises that a handler never blocks: it, and the interceptors in front of it, then run on the
 * wire's event loop without a virtual thread of their own. On a class it covers every method; on a
 * method, the RPC of the same name.
 *
 * <p>A handler that breaks the promise stalls every connection of its event loop.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface NonBlocking {}
