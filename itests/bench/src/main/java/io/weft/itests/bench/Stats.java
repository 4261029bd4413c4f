package io.weft.itests.bench;

import java.util.Arrays;
import java.util.Collection;

/** The few statistics that the tables show. */
final class Stats {

  private Stats() {}

  static double median(Collection<Double> values) {
    return percentile(values.stream().mapToDouble(Double::doubleValue).toArray(), 50);
  }

  /** The smallest value that at least {@code percent} of all are not above; NaN of nothing. */
  static double percentile(double[] values, double percent) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    if (percent == 50 && sorted.length % 2 == 0) {
      return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  /** Jain's index of fairness: 1 if all got the same, 1/n if one got all. */
  static double jain(double[] shares) {
    double sum = 0;
    double squares = 0;
    for (double share : shares) {
      sum += share;
      squares += share * share;
    }
    return squares == 0 ? Double.NaN : sum * sum / (shares.length * squares);
  }
}
