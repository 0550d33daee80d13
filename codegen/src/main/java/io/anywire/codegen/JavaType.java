package io.anywire.codegen;

/**
 * A Java class by name.
 *
 * @param packageName empty for the unnamed package
 * @param name with the classes around it: {@code Outer.Inner}
 */
record JavaType(String packageName, String name) {

  /** Returns the top-level class that this one is, or is in. */
  JavaType top() {
    int dot = name.indexOf('.');
    return dot < 0 ? this : new JavaType(packageName, name.substring(0, dot));
  }

  String qualified() {
    return packageName.isEmpty() ? name : packageName + "." + name;
  }
}
