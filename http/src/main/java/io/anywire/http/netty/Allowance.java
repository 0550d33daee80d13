package io.anywire.http.netty;

import java.util.concurrent.TimeUnit;

/**
 * What one client may spend on what carries nothing: so much a second, and what its requests earn
 * it. Never more than a second's worth is saved up. Used on one event loop only.
 */
final class Allowance {
  private final int perSecond;
  private long account;
  private long paidAt = System.nanoTime();

  Allowance(int perSecond) {
    this.perSecond = perSecond;
    this.account = perSecond;
  }

  void earn(long amount) {
    account = Math.min(account + amount, perSecond);
  }

  void spend(long amount) {
    account -= amount;
  }

  /** Whether more has been spent than there was. */
  boolean isOverdrawn() {
    if (account >= 0) {
      return false;
    }
    long now = System.nanoTime();
    long pay = (long) ((double) (now - paidAt) / TimeUnit.SECONDS.toNanos(1) * perSecond);
    paidAt = now;
    earn(pay);
    return account < 0;
  }
}
