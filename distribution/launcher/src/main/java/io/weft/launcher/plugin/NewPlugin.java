package io.weft.launcher.plugin;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** {@code weft plugin new}: a project of its own, from the templates of the archetype; needs neither Maven nor a network. */
final class NewPlugin {

  private static final String TEMPLATES = "archetype-resources/templates/";
  private static final String COMMON = "common";
  /** What is common to all kinds is called as this plugin would be. */
  private static final Names COMMON_NAMES = Names.sample("some-plugin");

  private final Dist dist;
  private final PrintStream out;

  NewPlugin(Dist dist, PrintStream out) {
    this.dist = dist;
    this.out = out;
  }

  int run(List<String> words) throws Failure {
    List<String> plain = new ArrayList<>();
    String group = "";
    String pack = "";
    String folder = "";
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-")) {
        plain.add(word);
        continue;
      }
      if (!List.of("--group", "--package", "--dir").contains(word)) {
        throw Failure.usage("weft plugin new does not know '" + Names.printable(word) + "'; see weft plugin --help");
      }
      if (i + 1 == words.size()) {
        throw Failure.usage(word + " needs a value; see weft plugin --help");
      }
      String value = words.get(++i);
      switch (word) {
        case "--group" -> group = value;
        case "--package" -> pack = value;
        default -> folder = value;
      }
    }
    if (plain.size() != 2) {
      throw Failure.usage("weft plugin new needs KIND NAME, such as: weft plugin new discovery acme-peers; see weft plugin --help");
    }
    Names names = Names.of(plain.get(1), group, pack);
    return make(plain.get(0), names, Path.of(folder.isEmpty() ? names.name() : folder));
  }

  private int make(String kind, Names names, Path folder) throws Failure {
    Path templates = dist.dir().resolve("sdk/archetype.jar");
    try (JarFile jar = new JarFile(templates.toFile(), false)) {
      Properties kinds = new Properties();
      try (InputStream in = jar.getInputStream(jar.getJarEntry(TEMPLATES + "kinds.properties"))) {
        kinds.load(in);
      }
      String sample = kinds.getProperty(kind);
      if (sample == null) {
        throw Failure.usage("there is no kind '" + Names.printable(kind) + "'; there is "
            + String.join(", ", new TreeMap<>(kinds).keySet().stream().map(Object::toString).toList()));
      }
      claim(folder);
      int files = copy(jar, COMMON, COMMON_NAMES, names, folder) + copy(jar, kind, Names.sample(sample), names, folder);
      Path run = folder.resolve("run");
      Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
      out.println("made " + folder + ", a " + kind + " plugin in " + files + " files; next:");
      out.println("  cd " + folder);
      out.println("  mvn verify                # target/" + names.name() + "-1.0.0-SNAPSHOT.jar and its tests");
      out.println("  weft plugin validate target/" + names.name() + "-1.0.0-SNAPSHOT.jar");
      out.println("  ./run                     # a node with it; ./run 2 starts two that are linked");
      return 0;
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot make " + folder + " from " + templates + ": " + e, e);
    }
  }

  /** Only a folder that is not there, or empty: nothing is ever written over. */
  private static void claim(Path folder) throws IOException, Failure {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> inside = Files.list(folder)) {
        if (inside.findAny().isEmpty()) {
          return;
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new Failure(Failure.PRECONDITION, folder + " is a file; choose another folder with --dir", e);
    }
    throw new Failure(Failure.PRECONDITION, folder + " is not empty; choose another folder with --dir");
  }

  private int copy(JarFile jar, String from, Names sample, Names names, Path folder) throws IOException {
    String prefix = TEMPLATES + from + "/";
    List<JarEntry> entries = jar.stream().filter(e -> e.getName().startsWith(prefix) && !e.isDirectory()).toList();
    for (JarEntry entry : entries) {
      String path = names.in(entry.getName().substring(prefix.length()), sample).replace("gitignore.txt", ".gitignore");
      try (InputStream in = jar.getInputStream(entry)) {
        String text = names.in(new String(in.readAllBytes(), StandardCharsets.UTF_8), sample);
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path.equals("pom.xml") ? ownPom(text) : text);
      }
    }
    return entries.size();
  }

  /** It stands alone, has a version of its own, and finds the parent in this installation. */
  private String ownPom(String pom) {
    return pom.replace("<relativePath>../../parent</relativePath>", "<relativePath/>")
        .replaceFirst("(?m)^  <name>", "  <version>1.0.0-SNAPSHOT</version>\n  <name>")
        .replace("</project>", """
              <repositories>
                <repository><id>weft-sdk</id><url>%s</url></repository>
              </repositories>
              <properties>
                <!-- For the tests inside a framework. -->
                <weft.dist>%s</weft.dist>
                <skipITs>false</skipITs>
              </properties>
            </project>""".formatted(dist.dir().resolve("sdk/repository").toUri(), dist.dir()));
  }
}
