package io.anywire.bench;

import java.util.List;
import java.util.Map;

/**
 * What a benchmark found, in the order of its subjects.
 *
 * @param measurements of each subject that held
 * @param failures why each of the others did not
 */
record Results(Map<Subject, List<Measurement>> measurements, Map<Subject, String> failures) {}
