package io.weft.launcher.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Failure;
import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.PluginArchive;
import io.weft.support.plugin.PluginManifest;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.SignedJar;
import io.weft.support.plugin.TrustedKey;
import io.weft.support.plugin.TrustedKeys;
import io.weft.testkit.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a key to a signed catalogue, as its publisher types it. */
class SigningTest {

  @TempDir
  Path dir;

  private String key;

  @BeforeEach
  void key() throws Exception {
    key = dir.resolve("acme.key").toString();
    assertThat(run("key", "new", key, "--plugins", "com.acme.", "--catalogs=acme")).contains("made", "acme.pub");
  }

  private static String run(String verb, String... words) throws Failure {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = switch (verb) {
      case "key" -> KeyFiles.run(List.of(words), stream);
      case "sign" -> SignPlugin.run(List.of(words), stream);
      case "root" -> RootFiles.run(List.of(words), stream);
      default -> PackCatalog.run(List.of(words), stream);
    };
    assertThat(code).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private TrustedKey trusted() {
    return TrustedKeys.read(List.of(dir)).keys().get(0);
  }

  @Test
  void aKeyIsForItsOwnerAndItsOtherHalfForOperators() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(key)))).isEqualTo("rw-------");
    assertThat(trusted().maySign("com.acme.x") && trusted().maySignCatalog("acme")).isTrue();
    assertThat(Files.readString(dir.resolve("acme.pub"))).doesNotContain("PRIVATE");
    assertThatThrownBy(() -> run("key", "new", key, "--plugins", "*")).isInstanceOf(Failure.class).hasMessageContaining("never written over");
    assertThatThrownBy(() -> run("key", "new", key + "2")).hasMessageContaining("say what the key is for");
    assertThatThrownBy(() -> run("key", "new", key + "2", "--plugins", "com/acme")).hasMessageContaining("takes names such as");
  }

  @Test
  void aJarIsSignedInPlace() throws Exception {
    Path jar = jar("com.acme.one", "1.0.0");
    assertThat(run("sign", jar.toString(), "--key", key)).contains("com.acme.one 1.0.0 by key " + trusted().key().id());
    byte[] bytes = Files.readAllBytes(jar);
    assertThat(SignedJar.of(bytes).orElseThrow().isGood(SignedJar.statement(bytes), trusted().key())).isTrue();
    assertThatThrownBy(() -> run("sign", jar.toString())).hasMessageContaining("needs a JAR and --key");
    assertThatThrownBy(() -> run("sign", dir.resolve("none.jar").toString(), "--key", key)).hasMessageContaining("cannot read");
    Files.writeString(jar, "no jar");
    assertThatThrownBy(() -> run("sign", jar.toString(), "--key", key)).hasMessageContaining("would be taken by no node");
  }

  @Test
  void aKeyThatOthersCouldReadIsNotUsed() throws Exception {
    Path jar = jar("com.acme.one", "1.0.0");
    Files.setPosixFilePermissions(Path.of(key), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> run("sign", jar.toString(), "--key", key)).hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(Path.of(key), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(Path.of(key), "hunter2");
    assertThatThrownBy(() -> run("sign", jar.toString(), "--key", key)).hasMessageContaining("no private key").hasMessageNotContaining("hunter2");
  }

  @Test
  void aFolderOfSignedJarsBecomesACatalogueThatGrows() throws Exception {
    Path folder = Files.createDirectories(dir.resolve("plugins"));
    Path one = Files.move(jar("com.acme.one", "1.0.0"), folder.resolve("one.jar"));
    assertThatThrownBy(() -> run("pack", folder.toString(), "--key", key, "--name", "acme")).hasMessageContaining("is not signed");
    run("sign", one.toString(), "--key", key);
    assertThatThrownBy(() -> run("pack", folder.toString(), "--key", key)).hasMessageContaining("give the catalogue a name");
    assertThat(run("pack", folder.toString(), "--key", key, "--name", "acme")).contains("version 1 of the catalogue acme with 1 plugins");

    Path two = Files.move(jar("com.acme.two", "2.1"), folder.resolve("two.jar"));
    run("sign", two.toString(), "--key", key);
    assertThat(run("pack", folder.toString(), "--key", key, "--json")).contains("\"version\": 2", "com.acme.two 2.1.0");
    SignedIndex signed = SignedIndex.parse(Files.readAllBytes(folder.resolve("index")));
    CatalogIndex index = signed.index();
    assertThat(signed.signers(List.of(trusted()))).hasSize(1);
    assertThat(index.plugins()).extracting(plugin -> plugin.name() + " " + plugin.file()).containsExactly("com.acme.one one.jar",
        "com.acme.two two.jar");
    assertThat(index.plugins().get(0).kinds()).containsExactly("SecretSource", "command");
    assertThat(index.plugins().get(0).requirements()).containsExactly(
        "osgi.wiring.package;filter:=\"(&(osgi.wiring.package=io.weft.secret)(&(version>=1.0.0)(!(version>=2.0.0))))\"");
    assertThat(index.plugins().get(0).licence()).isEqualTo("Apache-2.0");
    assertThat(index.plugins().get(0).keyId()).isEqualTo(trusted().key().id());
    assertThatThrownBy(() -> run("pack", folder.toString(), "--key", key, "--name", "other")).hasMessageContaining("is the catalogue acme");
    assertThatThrownBy(() -> run("pack", folder.toString(), "--key", key, "--days", "0")).hasMessageContaining("--days is a number");
  }

  @Test
  void whoseSignaturesCountIsChangedByThoseWhoMay() throws Exception {
    String folder = Files.createDirectories(dir.resolve("shop")).toString();
    for (String name : List.of("r1", "r2", "r3", "next")) {
      run("key", "new", dir.resolve(name + ".key").toString(), "--catalogs", "shop");
    }
    assertThatThrownBy(() -> run("root", "show", folder)).hasMessageContaining("has no root");
    assertThatThrownBy(() -> run("root", "new", folder, "--name", "shop", "--root", file("r1.pub"))).hasMessageContaining("needs --index FILE.pub");
    assertThatThrownBy(() -> run("root", "new", folder, "--root", file("r1.pub"), "--index", key)).hasMessageContaining("give the catalogue a name");
    assertThatThrownBy(() -> run("root", "new", folder, "--name", "shop", "--root", file("r1.key"), "--index", key))
        .hasMessageContaining("expected one line each");
    assertThat(run("root", "new", folder, "--name", "shop", "--root", file("r1.pub"), "--root", file("r2.pub"), "--index", file("acme.pub"),
        "--key", file("r1.key"))).contains("root.1.next", "it does not count yet: signed by 1 of the 2 keys that it wants itself");
    assertThatThrownBy(() -> run("root", "sign", folder, "--key", file("r3.key"))).hasMessageContaining("signs no root");
    run("pack", folder, "--key", file("next.key"), "--name", "shop"); // there is no root yet that says otherwise
    assertThat(run("root", "sign", folder, "--key", file("r2.key"))).contains("wrote " + folder + "/root.1:", "nodes believe it that have",
        "now pack the catalogue with 1 of " + trusted().key().id());
    assertThat(dir.resolve("shop/root.1.next")).doesNotExist();
    assertThatThrownBy(() -> run("root", "sign", folder, "--key", file("r2.key"))).hasMessageContaining("no root waits for signatures");
    assertThatThrownBy(() -> run("pack", folder, "--key", file("next.key"))).hasMessageContaining("no node would believe it: root.1 wants 1 of");
    run("pack", folder, "--key", key);

    assertThat(run("root", "new", folder, "--root", file("r2.pub"), "--root", file("r3.pub"), "--index", file("next.pub"), "--key", file("r2.key"),
        "--key", file("r3.key"), "--json")).contains("root.2.next", "1 of the 2 keys that root.1 wants");
    assertThat(run("root", "show", folder)).contains("root.1  catalogue shop", "root.2.next", "  signed by 1 of the 2 keys that root.1 wants");
    assertThat(run("root", "sign", folder, "--key", file("r1.key"))).contains("root.2:").doesNotContain("nodes believe");
    assertThat(run("root", "show", folder, "--json")).contains("\"version\": 2", "\"pending\": {}");
    assertThatThrownBy(() -> run("pack", folder, "--key", key)).hasMessageContaining("root.2 wants 1 of");
    assertThat(run("pack", folder, "--key", file("next.key"))).contains("version 3 of the catalogue shop");
    assertThatThrownBy(() -> run("root", "new", folder, "--name", "other", "--key", file("r2.key"))).hasMessageContaining("is the catalogue shop");
    assertThat(run("root", "new", folder, "--days", "30", "--key", file("r2.key"), "--key", file("r3.key"))).as("the same keys for longer")
        .contains("root.3:");
  }

  private String file(String name) {
    return dir.resolve(name).toString();
  }

  @Test
  void noBytesBringDownWhoLooksAtAJar() throws Exception {
    byte[] plain = Files.readAllBytes(jar("com.acme.one", "1.0.0"));
    run("sign", dir.resolve("com.acme.one.jar").toString(), "--key", key);
    byte[] signed = Files.readAllBytes(dir.resolve("com.acme.one.jar"));
    new Fuzz(1, List.of(plain, signed), 2048).run(100_000, IllegalArgumentException.class, input -> {
      try {
        new PluginManifest(PluginArchive.read(input)).reserved(Set.of());
        SignedJar.of(input).ifPresent(signature -> assertThat(SignedJar.statement(input)).hasSize(40));
      } catch (MalformedArchive e) {
        throw new IllegalArgumentException(e);
      }
    });
  }

  private Path jar(String name, String version) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    main.putValue("Bundle-License", "\"Apache-2.0\";link=\"https://www.apache.org/licenses/LICENSE-2.0.txt\"");
    main.putValue("Import-Package", "io.weft.secret;version=\"[1.0,2)\"");
    main.putValue("Provide-Capability", "osgi.service;objectClass:List<String>=\"io.weft.secret.SecretSource,"
        + "org.apache.felix.service.command.Function\"");
    Path file = dir.resolve(name + ".jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(new ZipEntry("com/acme/A.class"));
      jar.write(new byte[100]);
    }
    return file;
  }
}
