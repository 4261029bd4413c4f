package io.weft.dcs.raft.state;

import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands, queries and what they return, as bytes. Decoding throws {@link IllegalArgumentException} with one clear line. */
public final class Codec {

  /** Writes in one command. */
  public static final int OPS_MAX = 64;

  /** Bytes of an encoded command: all values of a transaction, and its keys. */
  public static final int COMMAND_MAX = Dcs.VALUE_MAX + OPS_MAX * (DcsKeys.BYTES_MAX + 128);

  private static final int ID_MAX = 64;
  private static final int NAME_MAX = 1_024;
  private static final int TEXT_MAX = 4_096;
  private static final int ENTRIES_MAX = 1_000_000;

  private static final int PUT = 1;
  private static final int OPEN = 2;
  private static final int RENEW = 3;
  private static final int END = 4;
  private static final int EXPIRE = 5;

  private Codec() {}

  public static byte[] encode(Command command) {
    Encoder out = new Encoder();
    if (command instanceof Command.Put put) {
      out.u8(PUT).u32(put.ops().size());
      put.ops().forEach(op -> encode(out, op));
    } else if (command instanceof Command.Open open) {
      out.u8(OPEN).text(open.name()).u64(open.ttlMillis());
    } else if (command instanceof Command.Renew renew) {
      out.u8(RENEW).text(renew.session());
    } else if (command instanceof Command.End end) {
      out.u8(END).text(end.session());
    } else if (command instanceof Command.Expire expire) {
      out.u8(EXPIRE).text(expire.session()).u64(expire.renewedAt());
    }
    return out.done();
  }

  public static Command command(byte[] bytes) {
    if (bytes.length > COMMAND_MAX) {
      throw new IllegalArgumentException("a command has " + bytes.length + " bytes, the most is " + COMMAND_MAX);
    }
    Decoder in = new Decoder(bytes);
    int kind = in.u8();
    Command command = switch (kind) {
      case PUT -> put(in);
      case OPEN -> new Command.Open(in.text(NAME_MAX), in.u64());
      case RENEW -> new Command.Renew(in.text(ID_MAX));
      case END -> new Command.End(in.text(ID_MAX));
      case EXPIRE -> new Command.Expire(in.text(ID_MAX), in.u64());
      default -> throw new IllegalArgumentException("no command has the number " + kind);
    };
    in.end();
    return command;
  }

  private static void encode(Encoder out, Op op) {
    out.u8(op.kind().ordinal()).text(op.key()).bytes(op.value());
    if (op.expect() instanceof Expect.Revision r) {
      out.u8(2).u64(r.revision());
    } else {
      out.u8(op.expect() instanceof Expect.Absent ? 1 : 0);
    }
    out.text(op.session());
  }

  private static Command put(Decoder in) {
    int count = in.count(OPS_MAX);
    List<Op> ops = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int kind = in.u8();
      if (kind >= Op.Kind.values().length) {
        throw new IllegalArgumentException("no kind of write has the number " + kind);
      }
      String key = DcsKeys.check(in.text(DcsKeys.BYTES_MAX));
      byte[] value = in.bytes(Dcs.VALUE_MAX);
      ops.add(new Op(Op.Kind.values()[kind], key, value, expect(in), in.text(ID_MAX)));
    }
    return new Command.Put(ops);
  }

  private static Expect expect(Decoder in) {
    int kind = in.u8();
    return switch (kind) {
      case 0 -> Expect.any();
      case 1 -> Expect.absent();
      case 2 -> Expect.revision(in.u64());
      default -> throw new IllegalArgumentException("no expectation has the number " + kind);
    };
  }

  public static byte[] encode(Outcome outcome) {
    Encoder out = new Encoder();
    if (outcome instanceof Outcome.Done done) {
      out.u8(0).u64(done.revision());
    } else if (outcome instanceof Outcome.Conflict conflict) {
      out.u8(1);
      encode(out, conflict.current());
    } else if (outcome instanceof Outcome.NoSession) {
      out.u8(2);
    } else if (outcome instanceof Outcome.Opened opened) {
      out.u8(3).text(opened.session());
    } else if (outcome instanceof Outcome.Malformed malformed) {
      out.u8(4).text(malformed.why());
    }
    return out.done();
  }

  public static Outcome outcome(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    int kind = in.u8();
    Outcome outcome = switch (kind) {
      case 0 -> new Outcome.Done(in.u64());
      case 1 -> new Outcome.Conflict(entry(in));
      case 2 -> new Outcome.NoSession();
      case 3 -> new Outcome.Opened(in.text(ID_MAX));
      case 4 -> new Outcome.Malformed(in.text(TEXT_MAX));
      default -> throw new IllegalArgumentException("no outcome has the number " + kind);
    };
    in.end();
    return outcome;
  }

  public static byte[] encode(Query query) {
    Encoder out = new Encoder();
    if (query instanceof Query.Get get) {
      out.u8(1).text(get.key());
    } else if (query instanceof Query.Everything all) {
      out.u8(2).text(all.prefix());
    } else if (query instanceof Query.Since since) {
      out.u8(3).text(since.prefix()).u64(since.after());
    }
    return out.done();
  }

  public static Query query(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    int kind = in.u8();
    Query query = switch (kind) {
      case 1 -> new Query.Get(DcsKeys.check(in.text(DcsKeys.BYTES_MAX)));
      case 2 -> new Query.Everything(DcsKeys.checkPrefix(in.text(DcsKeys.BYTES_MAX)));
      case 3 -> new Query.Since(DcsKeys.checkPrefix(in.text(DcsKeys.BYTES_MAX)), in.u64());
      default -> throw new IllegalArgumentException("no query has the number " + kind);
    };
    in.end();
    return query;
  }

  public static byte[] encode(Optional<Entry> entry) {
    Encoder out = new Encoder();
    encode(out, entry);
    return out.done();
  }

  public static Optional<Entry> entry(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    Optional<Entry> entry = entry(in);
    in.end();
    return entry;
  }

  private static void encode(Encoder out, Optional<Entry> entry) {
    out.u8(entry.isPresent() ? 1 : 0);
    entry.ifPresent(e -> encode(out, e));
  }

  private static Optional<Entry> entry(Decoder in) {
    return in.u8() == 0 ? Optional.empty() : Optional.of(oneEntry(in));
  }

  private static void encode(Encoder out, Entry entry) {
    out.text(entry.key()).bytes(entry.value()).u64(entry.revision()).text(entry.session().orElse(""));
  }

  private static Entry oneEntry(Decoder in) {
    String key = in.text(DcsKeys.BYTES_MAX);
    byte[] value = in.bytes(Dcs.VALUE_MAX);
    long revision = in.u64();
    String session = in.text(ID_MAX);
    return new Entry(key, value, revision, session.isEmpty() ? Optional.empty() : Optional.of(session));
  }

  public static byte[] encode(Snapshot snapshot) {
    Encoder out = new Encoder().u64(snapshot.revision()).u32(snapshot.entries().size());
    snapshot.entries().forEach(e -> encode(out, e));
    return out.done();
  }

  public static Snapshot snapshot(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    long revision = in.u64();
    int count = in.count(ENTRIES_MAX);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(oneEntry(in));
    }
    in.end();
    return new Snapshot(entries, revision);
  }

  public static byte[] encode(News news) {
    Encoder out = new Encoder().u8(news.known() ? 1 : 0).u64(news.upTo()).u8(news.more() ? 1 : 0).u32(news.changes().size());
    for (Change change : news.changes()) {
      if (change instanceof Change.Put put) {
        out.u8(1);
        encode(out, put.entry());
      } else {
        out.u8(0).text(change.key()).u64(change.revision());
      }
    }
    return out.done();
  }

  public static News news(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    boolean known = in.u8() == 1;
    long upTo = in.u64();
    boolean more = in.u8() == 1;
    int count = in.count(ENTRIES_MAX);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean put = in.u8() == 1;
      changes.add(put ? new Change.Put(oneEntry(in)) : new Change.Deleted(in.text(DcsKeys.BYTES_MAX), in.u64()));
    }
    in.end();
    return new News(known, changes, upTo, more);
  }
}
