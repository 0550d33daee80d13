package io.anywire.conformance.broker;

class AnywireRestartTest extends RestartSuite {
  @Override
  protected KillableEngine start() {
    return new ServedInProcess("memory:served", "200ms", () -> {});
  }
}
