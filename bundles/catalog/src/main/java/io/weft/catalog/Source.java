package io.weft.catalog;

import java.io.IOException;
import java.io.OutputStream;

/** Where the files of a catalogue are. Whatever it yields is checked by who asked. */
interface Source {

  /**
   * Writes a file of the catalogue to {@code out}. Blocks for as long as it may take, which has a bound.
   *
   * @param path below the catalogue, checked
   * @param max more bytes are an error
   */
  void copy(String path, long max, OutputStream out) throws IOException;
}
