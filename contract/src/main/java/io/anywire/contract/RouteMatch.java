package io.anywire.contract;

import java.util.Map;
import java.util.Set;

/** What a request line leads to. */
public sealed interface RouteMatch {
  /**
   * A method.
   *
   * @param method the method
   * @param route its route that matched
   * @param variables the path's variables, decoded; not yet converted to the fields' types
   */
  record Found(MethodContract method, HttpRoute route, Map<FieldPath, String> variables)
      implements RouteMatch {}

  /**
   * A path that is there, but not for this verb: HTTP's {@code 405}.
   *
   * @param allowed the verbs that it is there for, sorted; never empty
   */
  record WrongVerb(Set<String> allowed) implements RouteMatch {}

  /** Nothing: HTTP's {@code 404}. */
  record NoRoute() implements RouteMatch {}
}
