package io.weft.path;

/** Whether packets go straight to the peer. */
public enum PathType {
  direct,
  relayed
}
