package io.anywire.bench;

/**
 * One measured run of one subject.
 *
 * @param throughput requests per second
 * @param cpu microseconds of the server's processor time per request
 */
record Measurement(double throughput, double cpu) {}
