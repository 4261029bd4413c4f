package io.weft.node;

/** @param message one line for people that says what is so and, if it is not ok, what to do */
public record HealthResult(String name, HealthKind kind, HealthStatus status, String message) {}
