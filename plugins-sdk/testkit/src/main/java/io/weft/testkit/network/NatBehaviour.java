package io.weft.testkit.network;

import java.util.Map;

/**
 * What a NAT does to UDP, in the words of RFC 4787.
 *
 * @param mapping what of the remote end makes another port outside
 * @param filtering what of the remote end must have been sent to before it may answer
 * @param ports which port outside a new mapping gets
 * @param hairpin whether hosts inside reach each other by their addresses outside (the sender is seen by its address outside)
 * @param openInput a router whose own input is open: a packet that nobody waits for takes the port for its sender, and a host
 *     inside that sends to that sender later gets another one. What a bare masquerade of Linux does.
 */
public record NatBehaviour(Dependence mapping, Dependence filtering, Ports ports, boolean hairpin, boolean openInput) {

  /** On what of the remote end something depends. */
  public enum Dependence {
    nothing,
    address,
    address_and_port
  }

  /** How ports are chosen. */
  public enum Ports {
    /** The port inside, if it is free. */
    kept,
    /** The next one of a range, another than inside. */
    moved,
    /** Any. */
    random
  }

  public static final NatBehaviour FULL = of(Dependence.nothing, Dependence.nothing, Ports.kept);
  public static final NatBehaviour RESTRICTED = of(Dependence.nothing, Dependence.address, Ports.kept);
  public static final NatBehaviour PORT_RESTRICTED = of(Dependence.nothing, Dependence.address_and_port, Ports.kept);
  public static final NatBehaviour REMAP = of(Dependence.nothing, Dependence.address_and_port, Ports.moved);
  public static final NatBehaviour SYMMETRIC = of(Dependence.address_and_port, Dependence.address_and_port, Ports.random);
  public static final NatBehaviour SEQUENTIAL = of(Dependence.address_and_port, Dependence.address_and_port, Ports.moved);
  public static final NatBehaviour LINUX =
      new NatBehaviour(Dependence.nothing, Dependence.address_and_port, Ports.kept, false, true);

  /** All kinds by the names that the lab of real routers (itests/natlab) gives them. */
  public static final Map<String, NatBehaviour> KINDS = Map.of("full", FULL, "restricted", RESTRICTED, "port-restricted", PORT_RESTRICTED,
      "remap", REMAP, "symmetric", SYMMETRIC, "sequential", SEQUENTIAL, "linux", LINUX);

  private static NatBehaviour of(Dependence mapping, Dependence filtering, Ports ports) {
    return new NatBehaviour(mapping, filtering, ports, false, false);
  }

  public NatBehaviour withHairpin() {
    return new NatBehaviour(mapping, filtering, ports, true, openInput);
  }
}
