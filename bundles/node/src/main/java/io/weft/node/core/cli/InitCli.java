package io.weft.node.core.cli;

import io.weft.node.core.config.ConfigEvaluator;
import io.weft.node.core.config.ConfigFile;
import io.weft.node.core.config.ConfigModel;
import io.weft.node.core.config.ConfigSchema;
import io.weft.node.core.config.JarSchemas;
import io.weft.support.Json;
import io.weft.support.identity.Formation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code weft init}: makes a home with a configuration and a formation secret. Never overwrites anything. */
public final class InitCli {

  private static final int OK = 0;
  private static final int USAGE = 2;
  private static final int PRECONDITION = 3;
  private static final String KEPT = "kept";
  private static final String DRAWN = "made";
  private static final int SECRET_BYTES = 32;
  private static final int SECRET_MAX = 64 * 1024;

  private static final String HELP =
      """
      weft init [options]   make the home of a node: conf/weft.yaml and conf/secrets/formation; never overwrites

        --name NAME             name of this node (default: that of the machine)
        --fabric NAME           name of the fabric, the same on all nodes (default: weft)
        --peer NAME[=HOST:PORT] another node and where it is; once for each (default: none)
        --listen IP:PORT        UDP address for links (default: 127.0.0.1:7450, this machine only; 0.0.0.0:7450 for all)
        --formation-from FILE   take the fabric's formation secret from this file (default: draw a new one)
        --json                  say as JSON what was made

      Example, on two machines:
        a$ weft init --name a --listen 0.0.0.0:7450 --peer b=192.0.2.7:7450
        b$ weft init --name b --listen 0.0.0.0:7450 --peer a=192.0.2.1:7450 --formation-from copy-of-the-file-on-a
      """;

  private final Path home;
  private final Path config;
  private final Path bundles;
  private final PrintStream out;
  private final PrintStream err;

  private InitCli(Path home, Path config, Path bundles, PrintStream out, PrintStream err) {
    this.home = home;
    this.config = config;
    this.bundles = bundles;
    this.out = out;
    this.err = err;
  }

  /**
   * @param args the words behind {@code weft init}
   * @return the exit code
   */
  public static int run(String[] args, Path home, Path configFile, Path bundlesDir, PrintStream out, PrintStream err) {
    if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
      out.print(HELP);
      return OK;
    }
    try {
      InitOptions options = InitOptions.parse(args);
      return new InitCli(home, configFile, bundlesDir, out, err).make(options);
    } catch (IllegalArgumentException e) {
      err.println("weft init: " + e.getMessage());
      return USAGE;
    }
  }

  private int make(InitOptions options) {
    try {
      if (Files.exists(config)) {
        throw new Refused(config + " exists already; edit it, or choose another home with --home");
      }
      String name = options.name().orElseGet(InitCli::machineName);
      String text = checked(options, name);
      directories();
      String secret = secret(options);
      create(config, text.getBytes(StandardCharsets.UTF_8));
      tell(options, name, secret);
      return OK;
    } catch (Refused e) {
      err.println("weft init: " + e.getMessage());
      return PRECONDITION;
    } catch (FileAlreadyExistsException e) {
      err.println("weft init: " + e.getFile() + " exists already; nothing was overwritten");
      return PRECONDITION;
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName().replace("Exception", "") : e.getReason();
      err.println("weft init: cannot write " + e.getFile() + ": " + reason);
      return PRECONDITION;
    } catch (IOException e) {
      err.println("weft init: " + e.getMessage());
      return PRECONDITION;
    }
  }

  /** Nothing that is needed is as it must be; the message is for people. */
  private static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** What is written must be good, or the node would not start with it. */
  private String checked(InitOptions options, String name) throws Refused {
    ConfigSchema schema =
        new ConfigSchema(JarSchemas.read(List.of(bundles), problem -> err.println("weft: warning: " + problem)));
    String text = DefaultConfig.text(options, DefaultConfig.quotedIfNumber(name), schema);
    ConfigModel model =
        ConfigEvaluator.evaluate(ConfigFile.label(home, config), text.getBytes(StandardCharsets.UTF_8), schema, variable -> null);
    if (!model.good()) {
      throw new Refused("these options do not make a good configuration: "
          + model.problems().get(0).at(ConfigFile.label(home, config)));
    }
    return text;
  }

  private void directories() throws IOException {
    for (Path directory : List.of(home, home.resolve("conf"), home.resolve("conf/secrets"),
        config.toAbsolutePath().getParent())) {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory, mode("rwx------"));
      }
    }
  }

  private Path secretFile() {
    return home.resolve("conf/secrets/formation");
  }

  /** What was done to it, for people. */
  private String secret(InitOptions options) throws IOException, Refused {
    boolean exists = Files.exists(secretFile());
    if (options.formation().isPresent()) {
      byte[] given = given(options.formation().get());
      try {
        if (!exists) {
          create(secretFile(), given);
          return "copied";
        }
        if (!Arrays.equals(given, Files.readAllBytes(secretFile()))) {
          throw new Refused(secretFile() + " exists already and is another secret; remove one of the two");
        }
      } finally {
        Arrays.fill(given, (byte) 0);
      }
      return KEPT;
    }
    if (!exists) {
      byte[] random = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(random);
      create(secretFile(), (Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n")
          .getBytes(StandardCharsets.US_ASCII));
    }
    return exists ? KEPT : DRAWN;
  }

  private static byte[] given(Path file) throws IOException, Refused {
    if (!Files.isRegularFile(file)) {
      throw new Refused("--formation-from: there is no file " + file);
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(SECRET_MAX + 1);
    }
    long length = bytes.length - (bytes.length > 0 && bytes[bytes.length - 1] == '\n' ? 1 : 0);
    if (length < Formation.SECRET_MIN || bytes.length > SECRET_MAX) {
      throw new Refused("--formation-from: " + file + " has " + length + " bytes; a formation secret has "
          + Formation.SECRET_MIN + " to " + SECRET_MAX);
    }
    return bytes;
  }

  /** With its mode from the start, and only if it is not there. */
  private static void create(Path file, byte[] content) throws IOException {
    try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        mode("rw-------"))) {
      java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static String machineName() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().toLowerCase(Locale.ROOT);
      String label = name.replaceFirst("\\..*", "").replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
      String cut = label.substring(0, Math.min(63, label.length())).replaceAll("-+$", "");
      return cut.isEmpty() ? "node" : cut;
    } catch (IOException e) {
      return "node"; // whoever cares gives --name
    }
  }

  /** {@code {"config", "secret", "secret_was", "node", "fabric", "listen"}}. */
  private void tellJson(InitOptions options, String name, String secret) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("config", config.toString());
    json.put("secret", secretFile().toString());
    json.put("secret_was", secret);
    json.put("node", name);
    json.put("fabric", options.fabric());
    json.put("listen", options.listen());
    out.println(Json.lines(json));
  }

  private void tell(InitOptions options, String name, String secret) {
    if (options.json()) {
      tellJson(options, name, secret);
      return;
    }
    String at = " --home " + home;
    out.println("made " + config + ": node " + name + " of fabric " + options.fabric() + ", listening on " + options.listen());
    out.println(secret + " " + secretFile() + ": the secret that all nodes of the fabric share");
    out.println();
    out.println("Next:");
    if (secret.equals(DRAWN)) {
      out.println("  bring a copy of that secret safely to the other nodes, and run there: weft init --formation-from COPY ...");
    }
    if (options.listenGiven().isEmpty()) {
      out.println("  to be reached from other machines, set transport.quic.listen to 0.0.0.0:7450 or the like");
    }
    if (options.peers().isEmpty()) {
      out.println("  list the other nodes in the section peers of " + config);
    }
    out.println("  weft config validate" + at);
    out.println("  weft run" + at);
  }
}
