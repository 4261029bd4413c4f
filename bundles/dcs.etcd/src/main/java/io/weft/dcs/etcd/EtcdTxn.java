package io.weft.dcs.etcd;

import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes as one transaction of etcd: what is expected are its comparisons; where they fail, it reads what is there instead. */
final class EtcdTxn {

  private final EtcdJson json;
  private final List<Write> writes;

  EtcdTxn(EtcdJson json, List<Write> writes) {
    this.json = json;
    this.writes = writes;
  }

  Map<String, Object> request() {
    List<Object> compare = new ArrayList<>();
    List<Object> success = new ArrayList<>();
    List<Object> failure = new ArrayList<>();
    for (Write write : writes) {
      String key = json.encodeKey(write.key());
      if (write.expect() instanceof Expect.Absent) {
        compare.add(Map.of("key", key, "target", "CREATE", "create_revision", "0", "result", "EQUAL"));
      } else if (write.expect() instanceof Expect.Revision r) {
        compare.add(Map.of("key", key, "target", "MOD", "mod_revision", Long.toString(r.revision()), "result", "EQUAL"));
      }
      failure.add(Map.of("request_range", Map.of("key", key)));
      if (write instanceof Write.Put put) {
        Map<String, Object> request = new HashMap<>(Map.of("key", key, "value", EtcdJson.base64(put.value())));
        put.session().ifPresent(session -> request.put("lease", session.id()));
        success.add(Map.of("request_put", request));
      } else if (write instanceof Write.Delete) {
        success.add(Map.of("request_delete_range", Map.of("key", key)));
      }
    }
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("compare", compare);
    request.put("success", success);
    request.put("failure", failure);
    return request;
  }

  static WriteResult result(EtcdJson json, List<Write> writes, Map<?, ?> answer) {
    if (EtcdJson.flag(answer, "succeeded")) {
      return new WriteResult.Done(EtcdJson.revision(answer));
    }
    List<Map<?, ?>> responses = EtcdJson.objects(answer, "responses");
    for (int i = 0; i < Math.min(responses.size(), writes.size()); i++) {
      Optional<Entry> there = json.entries(EtcdJson.object(responses.get(i), "response_range")).stream().findFirst();
      if (isInTheWay(writes.get(i).expect(), there)) {
        return new WriteResult.Conflict(there);
      }
    }
    return new WriteResult.Conflict(Optional.empty());
  }

  private static boolean isInTheWay(Expect expect, Optional<Entry> there) {
    return expect instanceof Expect.Absent && there.isPresent()
        || expect instanceof Expect.Revision r && there.map(e -> e.revision() != r.revision()).orElse(true);
  }
}
