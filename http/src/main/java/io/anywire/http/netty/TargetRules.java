package io.anywire.http.netty;

/** What the target of a request may consist of, whatever the version of HTTP. */
final class TargetRules {
  private TargetRules() {}

  /**
   * Whether every character of a method is an upper-case letter or a dash, as in all methods there
   * are. Methods know upper and lower case (RFC 9110, section 9.1): {@code get} is none.
   */
  static boolean isMethod(String method) {
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if ((c < 'A' || c > 'Z') && c != '-') {
        return false;
      }
    }
    return !method.equals("TRACE") && !method.equals("CONNECT");
  }

  /** Whether a path with its query has no control character, no space and no fragment. */
  static boolean isPath(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether it is a host, or a host and a port (RFC 9110, section 7.2): no user, no path, no list,
   * nothing that one program would take for another host than the next one does.
   */
  static boolean isAuthority(String authority) {
    int end = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
    String host = end < 0 ? authority : authority.substring(0, end);
    return isHost(host) && (end < 0 || isPort(authority.substring(end + 1)));
  }

  private static boolean isHost(String host) {
    boolean literal = host.startsWith("[") && host.endsWith("]");
    String inner = literal ? host.substring(1, host.length() - 1) : host;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-._~%!$&'()*+;=".indexOf(c) >= 0
              || literal && c == ':';
      if (!allowed) {
        return false;
      }
    }
    return !inner.isEmpty();
  }

  private static boolean isPort(String port) {
    return port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
