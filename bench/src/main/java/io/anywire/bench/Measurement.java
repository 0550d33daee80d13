package io.anywire.bench;

/**
 * One measured run of one subject.
 *
 * @param throughput requests per second
 * @param cpu microseconds of the subject's processor time per request
 * @param allocated bytes on the subject's heap per request
 */
record Measurement(double throughput, double cpu, double allocated) {}
