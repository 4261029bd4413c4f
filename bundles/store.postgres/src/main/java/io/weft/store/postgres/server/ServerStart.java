package io.weft.store.postgres.server;

import io.weft.store.postgres.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From nothing, or from what is there, to a server that serves. One thread. */
final class ServerStart {

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration ORPHAN_STOP_MAX = Duration.ofSeconds(60);
  private static final Logger log = LoggerFactory.getLogger(ServerStart.class);

  private final Path home;
  private final ServerOptions options;
  private final Supplier<Optional<ProgramSource>> bundled;
  private final BooleanSupplier closed;
  private @Nullable Place place;
  private @Nullable Postmaster begun;

  ServerStart(Path home, ServerOptions options, Supplier<Optional<ProgramSource>> bundled, BooleanSupplier closed) {
    this.home = home.toAbsolutePath().normalize();
    this.options = options;
    this.bundled = bundled;
    this.closed = closed;
  }

  /** @param tell hears what goes on, for people who ask meanwhile */
  OwnServer.Running bringUp(Consumer<String> tell) throws ServerFailed {
    Commands commands = new Commands(temporary());
    ServerUser user = ServerUser.find(options.runAs(), commands);
    Place at = Place.of(home, options.directory(), user, commands);
    place = at;
    Programs programs = programs(at, commands, tell);
    Cluster cluster = new Cluster(at, user, commands);
    tell.accept(Files.exists(at.cluster()) ? "starting" : "starting for the first time: the database is made");
    cluster.prepare(programs);
    Postmaster postmaster = running(programs, at, cluster, user, commands);
    begun = postmaster;
    while (!postmaster.isReady(at.cluster())) {
      if (!postmaster.process().isAlive() || closed.getAsBoolean()) {
        throw new ServerFailed(closed.getAsBoolean() ? "stopped" : whyItEnded(at));
      }
      tell.accept("PostgreSQL " + programs.version() + " starts; it recovers if it was not stopped cleanly");
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    Endpoint.Password password = options.password() != null ? options.password() : ownPassword(at);
    String version = Roles.ensure(postmaster.port(), at.secret(Place.ADMIN), options.role(), secret(password));
    return new OwnServer.Running(postmaster, version, Roles.endpoint(postmaster.port(), options.role(), password),
        "PostgreSQL " + version + " of this node, run by " + user.inWords() + ", in " + at.directory());
  }

  private Path temporary() throws ServerFailed {
    try {
      return Files.createDirectories(home.resolve("data"));
    } catch (IOException e) {
      throw new ServerFailed("cannot write to " + home + ": " + e.getMessage(), e);
    }
  }

  private Programs programs(Place at, Commands commands, Consumer<String> tell) throws ServerFailed {
    Optional<ProgramSource> source = bundled.get();
    if (source.isPresent()) {
      tell.accept("PostgreSQL " + source.get().version() + " is unpacked");
      return Programs.unpacked(source.get(), at);
    }
    return InstalledPrograms.newest(commands).orElseThrow(() -> new ServerFailed("there is no PostgreSQL to run: no bundle has "
        + "it for "
        + "this kind of machine, and /usr/lib/postgresql is empty; install PostgreSQL, or set store.postgres.url"));
  }

  /** One that is left from before goes on if it is as one that we would start; otherwise it is stopped first. */
  private Postmaster running(Programs programs, Place at, Cluster cluster, ServerUser user, Commands commands)
      throws ServerFailed {
    Optional<Postmaster> orphan = Postmaster.find(at.cluster());
    int port = orphan.isPresent() && options.port() == 0 ? orphan.get().port() : port(at);
    List<String> words = Postmaster.words(programs, at.cluster(), cluster.settings(options, port), "");
    String stamp = digest(words);
    if (orphan.isPresent()) {
      if (orphan.get().wasStartedWith(stamp)) {
        log.info("store adopted pid={} port={}", orphan.get().process().pid(), orphan.get().port());
        return orphan.get();
      }
      log.info("store of an earlier process is stopped pid={} how={}", orphan.get().process().pid(),
          orphan.get().stop(ORPHAN_STOP_MAX, commands));
    }
    List<String> stamped = Postmaster.words(programs, at.cluster(), cluster.settings(options, port), stamp);
    try {
      Process process = Commands.builder(user.words(stamped.toArray(String[]::new)), at.output()).start();
      process.getOutputStream().close();
      return new Postmaster(process.toHandle(), port);
    } catch (IOException e) {
      throw new ServerFailed("cannot run PostgreSQL: " + e.getMessage(), e);
    }
  }

  private String whyItEnded(Place at) throws ServerFailed {
    try {
      String output = Commands.tail(at.output());
      if (output.contains("Address already in use") && options.port() == 0) {
        Files.deleteIfExists(at.directory().resolve("port")); // the next attempt takes another one
      }
      String line = output.lines().filter(l -> l.contains("FATAL") || l.contains("PANIC") || l.contains("could not")).findFirst()
          .orElse(new Commands.Result(1, output).lastLine());
      return "PostgreSQL does not start: " + line.replaceFirst("^.*?(FATAL|PANIC|LOG): *", "") + "; see " + at.output();
    } catch (IOException e) {
      throw new ServerFailed("PostgreSQL does not start, and " + at.output() + " cannot be read: " + e.getMessage(), e);
    }
  }

  private int port(Place at) throws ServerFailed {
    if (options.port() != 0) {
      return options.port();
    }
    Path file = at.directory().resolve("port");
    try {
      String kept = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
      if (kept.matches("[1-9][0-9]{0,4}")) {
        return Integer.parseInt(kept);
      }
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        Files.writeString(file, socket.getLocalPort() + "\n");
        return socket.getLocalPort();
      }
    } catch (IOException e) {
      throw new ServerFailed("cannot choose a port: " + e.getMessage(), e);
    }
  }

  private static Endpoint.Password ownPassword(Place at) throws ServerFailed {
    String password = at.secret("weft.password");
    return () -> password;
  }

  private static String secret(Endpoint.Password password) throws ServerFailed {
    try {
      String secret = password.get();
      if (secret == null || secret.isEmpty()) {
        throw new ServerFailed("store.postgres.password is empty");
      }
      return secret;
    } catch (SQLException e) {
      throw new ServerFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static String digest(List<String> words) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(String.join("\0", words).getBytes(StandardCharsets.UTF_8)), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Stops the one that serves, or one that was begun and never served; says how, if there was one. */
  Optional<String> stop(Optional<Postmaster> serving, Duration most) throws ServerFailed {
    Optional<Postmaster> target = serving.or(() -> Optional.ofNullable(begun)).filter(p -> p.process().isAlive());
    Place at = place;
    if (target.isEmpty() || at == null) {
      return Optional.empty();
    }
    return Optional.of(target.get().stop(most, new Commands(temporary())));
  }
}
