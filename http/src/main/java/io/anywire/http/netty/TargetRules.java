package io.anywire.http.netty;

/** What the target of a request may consist of, whatever the version of HTTP. */
final class TargetRules {
  private static final boolean[] OF_A_HOST = ofAHost();

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
    int length = authority.length();
    int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
    int end = colon < 0 ? length : colon;
    return isHost(authority, end) && (colon < 0 || isPort(authority, colon + 1));
  }

  private static boolean isHost(String authority, int end) {
    boolean literal = end > 2 && authority.charAt(0) == '[' && authority.charAt(end - 1) == ']';
    int from = literal ? 1 : 0;
    int to = literal ? end - 1 : end;
    for (int i = from; i < to; i++) {
      char c = authority.charAt(i);
      if ((c >= OF_A_HOST.length || !OF_A_HOST[c]) && !(literal && c == ':')) {
        return false;
      }
    }
    return to > from;
  }

  private static boolean isPort(String authority, int from) {
    for (int i = from; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return authority.length() - from <= 5;
  }

  private static boolean[] ofAHost() {
    boolean[] allowed = new boolean[128];
    for (char c = '0'; c <= 'z'; c++) {
      allowed[c] = c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a';
    }
    for (char c : "-._~%!$&'()*+;=".toCharArray()) {
      allowed[c] = true;
    }
    return allowed;
  }
}
