package io.weft.testkit.network;

/** Where nodes are plugged in: the internet, or the inside of a NAT. */
public sealed interface Place permits VirtualNetwork, VirtualNat {

  /** A host with these addresses, IP literals; it sends from the first. */
  VirtualHost host(String name, String... addresses);

  /** A NAT with an inside of its own, and this address outside. */
  VirtualNat nat(String name, NatBehaviour behaviour, String address);
}
