package io.anywire.cli.demo;

import io.anywire.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "demo")
public final class DemoCommand implements Callable<Integer> {
  public DemoCommand(Terminal terminal) {}

  @Override
  public Integer call() {
    return 0;
  }
}
