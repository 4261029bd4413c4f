package io.weft.testkit.dcs;

import io.weft.dcs.Dcs;
import io.weft.testkit.TcpGate;
import java.util.List;

/**
 * A client whose connections to the store's servers all go through gates.
 *
 * @param closing closes the client itself; the gates are closed after it
 */
public record GatedClient(Dcs dcs, Runnable closing, List<TcpGate> gates) implements DcsRig.Client {

  public GatedClient {
    gates = List.copyOf(gates);
  }

  @Override
  public void block() {
    gates.forEach(TcpGate::block);
  }

  @Override
  public void unblock() {
    gates.forEach(TcpGate::unblock);
  }

  @Override
  public void close() {
    closing.run();
    gates.forEach(TcpGate::close);
  }
}
