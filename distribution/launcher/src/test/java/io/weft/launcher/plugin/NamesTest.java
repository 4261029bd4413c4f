package io.weft.launcher.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  private static final Names SAMPLE = Names.sample("csv-peers");

  @Test
  void everyNameOfTheSampleBecomesTheNewOne() throws Failure {
    Names names = Names.of("acme-peers", "com.acme", "");
    assertThat(names.in("package org.example.csvpeers; class CsvPeersTest { \"csv-peers\" }", SAMPLE))
        .isEqualTo("package com.acme.acmepeers; class AcmePeersTest { \"acme-peers\" }");
    assertThat(names.in("src/main/java/org/example/csvpeers/CsvPeers.java", SAMPLE))
        .isEqualTo("src/main/java/com/acme/acmepeers/AcmePeers.java");
    assertThat(names.in("<groupId>org.example</groupId>", SAMPLE)).isEqualTo("<groupId>com.acme</groupId>");
  }

  @Test
  void aNewNameIsNeverTakenForAnOldOne() throws Failure {
    Names names = Names.of("peers2", "org.example", "org.example.csvpeers.more");
    assertThat(names.in("org.example.csvpeers csv-peers CsvPeers", SAMPLE)).isEqualTo("org.example.csvpeers.more peers2 Peers2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "Acme", "acme_peers", "-acme", "acme-", "a--b", "../x", "acme peers", "class", "a\u001b[2J", "1st"})
  void whatIsNoNameIsOneLine(String name) {
    assertThatThrownBy(() -> Names.of(name, "", "")).isInstanceOfSatisfying(Failure.class, e -> {
      assertThat(e.exitCode()).isEqualTo(Failure.USAGE);
      assertThat(e.getMessage()).doesNotContain("\n", "\u001b");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.weft", "io.weft.mesh", "com.Acme", "com..acme", "com.class.x", "com/acme"})
  void whatIsNoPackageOfOnesOwnIsOneLine(String pack) {
    assertThatThrownBy(() -> Names.of("acme-peers", "", pack)).isInstanceOf(Failure.class);
  }
}
