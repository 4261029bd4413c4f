package io.weft.transport.quic;

import io.weft.transport.quic.codec.CongestionControl;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: QUIC transport", description = "The one UDP port of this node and the links on it.")
@interface QuicConfig {

  @AttributeDefinition(
      description =
          "IP address and port (UDP) on which links come in and go out; port 0 draws a free one. 0.0.0.0 or [::] for all "
              + "addresses of the node. A change closes all links and binds anew.")
  String listen() default "127.0.0.1:0";

  @AttributeDefinition(
      description =
          "How much may be in flight: bbr measures the path and backs off only where much is lost, cubic and reno at each "
              + "loss. Applies after the port was bound anew.")
  CongestionControl congestion_control() default CongestionControl.bbr;

  @AttributeDefinition(
      description =
          "Largest UDP payload that is sent, in bytes, 1200 to 65000. More is faster where every network on the way carries "
              + "it, and nothing arrives where one does not. Applies after the port was bound anew.")
  int packet_size() default 1350;

  @AttributeDefinition(
      description =
          "Whether to probe for larger packets than 1200 bytes, up to packet.size, on each path. Applies after the port was "
              + "bound anew.")
  boolean discover_mtu() default false;

  @AttributeDefinition(
      description = "Handshakes of peers that may be in flight at once; more are dropped. Applies after the port was bound anew.")
  int handshakes_max() default 256;

  @AttributeDefinition(
      description =
          "Handshakes in flight from which on a peer has to prove its address first, which costs it a round trip. 0: always. "
              + "Applies after the port was bound anew.")
  int handshakes_unproved_max() default 32;

  @AttributeDefinition(
      description =
          "Handshakes per second from one network (/24 or /48); more are dropped. Applies after the port was bound anew.")
  int handshakes_per_network_per_second() default 64;
}
