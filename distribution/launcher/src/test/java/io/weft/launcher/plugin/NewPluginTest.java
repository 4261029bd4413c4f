package io.weft.launcher.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project from a small archetype. */
class NewPluginTest {

  private static final String POM = "<project>\n  <relativePath>../../parent</relativePath>\n  <groupId>org.example</groupId>\n"
      + "  <artifactId>csv-peers</artifactId>\n  <name>csv-peers</name>\n</project>\n";

  @TempDir
  Path folder;

  @BeforeEach
  void makeArchetype() throws IOException {
    Files.createDirectories(folder.resolve("dist/sdk"));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(folder.resolve("dist/sdk/archetype.jar")))) {
      for (Map.Entry<String, String> entry : Map.of(
          "kinds.properties", "discovery=csv-peers\n", "common/run", "#!/bin/sh\n", "common/gitignore.txt", "target/\n",
          "discovery/pom.xml", POM, "discovery/src/main/java/org/example/csvpeers/CsvPeers.java", "package org.example.csvpeers;",
          "secret/pom.xml", "of another kind").entrySet()) {
        out.putNextEntry(new ZipEntry("archetype-resources/templates/" + entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void makesAProjectThatStandsAlone() throws Exception {
    Path project = folder.resolve("made");
    assertThat(make("discovery", "acme-peers", "--group", "com.acme", "--dir", project.toString())).contains("4 files", "mvn verify");
    assertThat(project.resolve("src/main/java/com/acme/acmepeers/AcmePeers.java")).hasContent("package com.acme.acmepeers;");
    assertThat(project.resolve("pom.xml")).content().contains("<relativePath/>", "<groupId>com.acme</groupId>",
        "<artifactId>acme-peers</artifactId>\n  <version>1.0.0-SNAPSHOT</version>\n  <name>acme-peers</name>",
        "<url>" + folder.resolve("dist/sdk/repository").toUri() + "</url>");
    assertThat(project.resolve("run")).isExecutable();
    assertThat(project.resolve(".gitignore")).exists();
  }

  @Test
  void nothingIsWrittenOver() throws Exception {
    Path project = Files.createDirectories(folder.resolve("there"));
    Files.writeString(project.resolve("mine"), "");
    assertThatThrownBy(() -> make("discovery", "acme-peers", "--dir", project.toString()))
        .isInstanceOf(Failure.class).hasMessageContaining("not empty");
    assertThatThrownBy(() -> make("discovery", "acme-peers", "--dir", project.resolve("mine").toString()))
        .isInstanceOf(Failure.class).hasMessageContaining("is a file");
  }

  @Test
  void whatIsWrongIsOneLine() {
    assertThatThrownBy(() -> make("fish", "acme-peers", "--dir", folder.resolve("x").toString())).hasMessageContaining("there is discovery");
    assertThatThrownBy(() -> make("discovery")).hasMessageContaining("needs KIND NAME");
    assertThatThrownBy(() -> make("discovery", "acme-peers", "--colour", "x")).hasMessageContaining("does not know '--colour'");
    assertThatThrownBy(() -> make("discovery", "acme-peers", "--dir")).hasMessageContaining("needs a value");
  }

  private String make(String... words) throws Failure {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PluginCommands.run(new Dist(folder.resolve("dist"), "0"), new Home(folder, folder), "new", List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
