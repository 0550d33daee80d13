package io.anywire.contract;

import java.time.Duration;
import java.util.Optional;

/**
 * How long HTTP caches may use an answer again (RFC 9111). Immutable.
 *
 * @param maxAge how long an answer is fresh, in whole seconds; zero: it is asked for each time
 * @param shared whether caches that serve many users may keep it
 * @param noStore whether nothing may be kept; then nothing else is said
 * @param staleWhileRevalidate how much longer it may be used while it is asked for again
 * @param staleIfError how much longer it may be used when asking fails
 */
public record CachePolicy(
    Duration maxAge,
    boolean shared,
    boolean noStore,
    Optional<Duration> staleWhileRevalidate,
    Optional<Duration> staleIfError) {}
