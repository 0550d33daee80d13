/** The Spring Boot server of the {@code rest} benchmark, with Spring's own choice of versions. */
@NullMarked
package io.anywire.bench.spring;

import org.jspecify.annotations.NullMarked;
