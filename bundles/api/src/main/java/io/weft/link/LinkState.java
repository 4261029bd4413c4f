package io.weft.link;

/** The life of a link. Each change carries a reason. */
public enum LinkState {
  /** Known peer, nothing tried yet. */
  created("new"),
  /** Looking for a path. */
  gathering("gathering"),
  /** Handshake under way. */
  connecting("connecting"),
  /** Hello said both ways: carries channels. */
  up("up"),
  /** Up, but the peer has been silent for longer than it should. */
  degraded("degraded"),
  /** The last attempt, or the link itself, ended badly. */
  failed("failed"),
  /** Waiting before the next attempt. */
  backoff("backoff"),
  /** Closed on purpose, here or there; comes back only if someone asks or the peer does. */
  closed("closed");

  private final String text;

  LinkState(String text) {
    this.text = text;
  }

  /** As it is printed. */
  @Override
  public String toString() {
    return text;
  }
}
