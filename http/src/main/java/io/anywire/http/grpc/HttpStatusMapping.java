package io.anywire.http.grpc;

import io.grpc.Status.Code;

/** What an HTTP status says of a call when nobody said it in gRPC's terms. */
public final class HttpStatusMapping {
  private HttpStatusMapping() {}

  /**
   * The code of a response without {@code grpc-status}, as gRPC's http-grpc-status-mapping has it:
   * it speaks of what stands between, so a 404 is a missing method and not a missing resource.
   */
  public static Code codeOf(int status) {
    return switch (status) {
      case 400 -> Code.INTERNAL;
      case 401 -> Code.UNAUTHENTICATED;
      case 403 -> Code.PERMISSION_DENIED;
      case 404 -> Code.UNIMPLEMENTED;
      case 429, 502, 503, 504 -> Code.UNAVAILABLE;
      default -> Code.UNKNOWN;
    };
  }
}
