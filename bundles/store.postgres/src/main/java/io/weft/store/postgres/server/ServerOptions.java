package io.weft.store.postgres.server;

import io.weft.store.postgres.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of the node's own server.
 *
 * @param directory empty: by itself
 * @param port 0: any that is free, kept
 * @param runAs empty: by itself
 * @param memoryMb for shared buffers
 * @param role who owns the database
 * @param password of the role; null: made and kept
 */
public record ServerOptions(
    String directory, int port, String runAs, int memoryMb, String role, Endpoint.@Nullable Password password) {}
