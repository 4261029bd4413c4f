package io.weft.dcs.raft.member;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/** Tells Ratis to talk over the fabric. Ratis makes one by the name of the class; what it shall use comes as a parameter. */
public final class FabricRpcType implements RpcType {

  private static final String PARAMETER = "weft.rpc";

  static void use(Parameters parameters, FabricRpc rpc) {
    parameters.put(PARAMETER, rpc, FabricRpc.class);
  }

  @Override
  public String name() {
    return FabricRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    FabricRpc rpc = parameters.getNonNull(PARAMETER, FabricRpc.class);
    return new Factory(this, rpc);
  }

  private record Factory(RpcType type, FabricRpc rpc) implements ServerFactory {

    @Override
    public RpcType getRpcType() {
      return type;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return rpc.of(server);
    }
  }
}
