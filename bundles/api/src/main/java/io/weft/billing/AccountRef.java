package io.weft.billing;

/**
 * Names an account to plugins.
 *
 * @param number of the account
 * @param identity the hash of its external identity in hex, see {@link Billing#identity}; the identity itself is kept nowhere
 */
public record AccountRef(long number, String identity) {}
