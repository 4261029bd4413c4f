package io.weft.itests.bench;

/** One question about speed. */
interface Benchmark {

  /** For the command line. */
  String name();

  /** What it measures, in a line. */
  String about();

  void run(Report report) throws Exception;
}
