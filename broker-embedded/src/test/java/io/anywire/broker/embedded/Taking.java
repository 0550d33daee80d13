package io.anywire.broker.embedded;

/** Somebody who takes so many messages, when he asks for them. */
record Taking(int room) implements Backlog.Taker {
  @Override
  public boolean wants() {
    return true;
  }

  @Override
  public void wake() {}
}
