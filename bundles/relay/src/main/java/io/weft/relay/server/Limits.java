package io.weft.relay.server;

/** The bounds in force; a new one replaces them as a whole. */
record Limits(
    int allocationsMax, int allocationsPerUser, int permissionsMax, int channelsMax, long allocationBytesPerSecond, long bytesPerSecond) {

  static Limits of(RelayConfig config) {
    return new Limits(
        Math.max(1, config.allocations_max()),
        Math.max(1, config.allocations_per_user()),
        Math.max(1, config.permissions_max()),
        Math.max(1, config.channels_max()),
        Math.max(1, config.allocation_bytes_per_second()),
        Math.max(1, config.bytes_per_second()));
  }
}
