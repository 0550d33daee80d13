package io.anywire.http.cache;

import java.net.http.HttpHeaders;

/**
 * A whole response, from a server or the cache. Its body is not to be changed.
 *
 * @param asked whether a server was asked for it
 * @param told what the cache had to do with it, for explanations: {@code hit, 3 s old}
 */
public record Received(int status, HttpHeaders headers, byte[] body, boolean asked, String told) {}
