package io.weft.billing;

/**
 * One thing that was checked.
 *
 * @param check a word or two, stable: {@code sum equals balance}
 * @param wrong how many cases break it; 0 is good
 * @param detail one line; where something is wrong, where to look
 */
public record Finding(String check, long wrong, String detail) {

  public boolean good() {
    return wrong == 0;
  }
}
