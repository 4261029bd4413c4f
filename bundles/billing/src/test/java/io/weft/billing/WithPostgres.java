package io.weft.billing;

import io.weft.testkit.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test a {@link Rig}, on one server for all tests of the bundle. */
public final class WithPostgres implements ParameterResolver, AfterEachCallback {

  private static final Namespace SPACE = Namespace.create(WithPostgres.class);

  private record Shared(PostgresServer server) implements ExtensionContext.Store.CloseableResource {
    @Override
    public void close() {
      server.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Rig.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Shared shared = context.getRoot().getStore(SPACE).getOrComputeIfAbsent("server", key -> start(), Shared.class);
    try {
      Rig rig = new Rig(shared.server());
      context.getStore(SPACE).put("rig", rig);
      return rig;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Shared start() {
    try {
      return new Shared(new PostgresServer("fsync=off", "max_connections=200", "shared_buffers=256MB", "max_wal_size=2GB"));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Rig rig = context.getStore(SPACE).remove("rig", Rig.class);
    if (rig != null) {
      rig.close();
    }
  }
}
