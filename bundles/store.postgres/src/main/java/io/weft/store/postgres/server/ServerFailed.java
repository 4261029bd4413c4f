package io.weft.store.postgres.server;

/** The node's own server cannot be had now. The message is one line for people. */
final class ServerFailed extends Exception {

  private static final long serialVersionUID = 1L;

  ServerFailed(String message) {
    super(message);
  }

  ServerFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
