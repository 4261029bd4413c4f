package io.weft.dcs.etcd;

import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How etcd is, by what one of its members says. */
final class EtcdStatus {

  private final EtcdApi api;
  private final EtcdServers servers;

  EtcdStatus(EtcdServers servers) {
    this.api = servers.api();
    this.servers = servers;
  }

  CompletionStage<DcsStatus> read() {
    return EtcdApi.read(api.call("/v3/maintenance/status", Map.of())
        .thenCombine(api.call("/v3/cluster/member/list", Map.of()), this::status));
  }

  private DcsStatus status(Map<?, ?> server, Map<?, ?> cluster) {
    String leader = EtcdJson.text(server, "leader"); // unsigned, too large for a number here
    boolean led = !leader.isEmpty() && !leader.equals("0");
    List<DcsMember> members = new ArrayList<>();
    @Nullable String leaderName = null;
    int voters = 0;
    for (Map<?, ?> member : EtcdJson.objects(cluster, "members")) {
      boolean leads = led && EtcdJson.text(member, "ID").equals(leader);
      boolean learns = EtcdJson.flag(member, "isLearner");
      String name = EtcdJson.text(member, "name");
      leaderName = leads ? name : leaderName;
      voters += learns ? 0 : 1;
      members.add(new DcsMember(name, leads ? "leader" : learns ? "learner" : "follower", -1, !name.isEmpty()));
    }
    String detail = "etcd " + EtcdJson.text(server, "version") + ", " + members.size() + " members, "
        + (!led ? "no leader" : "led by " + leaderName);
    return new DcsStatus(!led ? DcsStatus.State.WAITING : DcsStatus.State.SERVING, detail, Optional.ofNullable(leaderName),
        EtcdJson.revision(server), members, Optional.of(voters), Optional.empty(), servers.isAuthenticated(),
        Optional.of(servers.isEncrypted()));
  }
}
