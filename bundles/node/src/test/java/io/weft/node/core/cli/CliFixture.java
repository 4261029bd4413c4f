package io.weft.node.core.cli;

import io.weft.node.core.config.TestSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A home, a folder with a bundle, and what commands print. */
final class CliFixture {

  final Path home;
  final Path bundles;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  CliFixture(Path dir) throws IOException {
    this.home = dir.resolve("home");
    this.bundles = Files.createDirectories(dir.resolve("bundles/io/weft"));
    jar(bundles.resolve("all.jar"), "OSGI-INF/metatype/all.xml", TestSchema.document());
  }

  static void jar(Path file, String entry, byte[] content) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Service-Component", "OSGI-INF/x.xml");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(new ZipEntry(entry));
      jar.write(content);
      jar.closeEntry();
    }
  }

  Path config() {
    return home.resolve("conf/weft.yaml");
  }

  CliFixture write(String yaml) throws IOException {
    Files.createDirectories(config().getParent());
    Files.writeString(config(), yaml);
    return this;
  }

  int config(String... args) {
    out.reset();
    err.reset();
    return ConfigCli.run(args, home, config(), bundles.getParent().getParent(), print(out), print(err));
  }

  int init(String... args) {
    out.reset();
    err.reset();
    return InitCli.run(args, home, config(), bundles.getParent().getParent(), print(out), print(err));
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
