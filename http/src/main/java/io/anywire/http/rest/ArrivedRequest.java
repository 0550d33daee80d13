package io.anywire.http.rest;

import io.anywire.contract.FieldPath;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came, before anything is decoded.
 *
 * @param variables what the path binds, not yet converted
 * @param query the raw query
 * @param form what the body is written in
 * @param body the body, empty where there is none
 * @param gzip whether the body is compressed
 * @param etag what goes into the request's empty {@code etag}
 */
record ArrivedRequest(
    Map<FieldPath, String> variables,
    String query,
    Representation form,
    byte[] body,
    boolean gzip,
    Optional<String> etag) {}
