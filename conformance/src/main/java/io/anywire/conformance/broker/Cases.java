package io.anywire.conformance.broker;

/** Cases of one topic, for a test class to implement. */
interface Cases {

  /** Where the test that runs takes place. */
  Scene scene();
}
