package io.anywire.cli.demo;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Runs a main class in a process of the demo's. It ends with the demo, however that ends, and
 * leaves Ctrl-C to it: a terminal sends that to every process, and the demo stops the services in
 * order.
 */
final class Child {
  private Child() {}

  /** Arguments: the demo's process id, the main class, and the main class's arguments. */
  public static void main(String[] args) throws ReflectiveOperationException, InterruptedException {
    Signal.handle(new Signal("INT"), signal -> {});
    endWith(Long.parseLong(args[0]));
    try {
      Class.forName(args[1])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
      // Its threads may all be daemons; the process ends when it is asked to.
      new CountDownLatch(1).await();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(args[1] + " failed", e.getCause());
    }
  }

  private static void endWith(long demo) {
    ProcessHandle.of(demo)
        .ifPresentOrElse(
            process -> process.onExit().thenRun(() -> System.exit(0)), () -> System.exit(0));
  }
}
