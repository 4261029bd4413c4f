package io.weft.store.postgres.migrate;

import io.weft.store.Migration;
import io.weft.store.SchemaSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a plugin says its schema should be, checked.
 *
 * @param migrations numbered 1, 2, 3 without gaps
 */
record Plan(String schema, List<Migration> migrations) {

  private static final int MIGRATIONS_MAX = 1_000;

  /** @throws IllegalArgumentException with one line that says what the plugin does wrong */
  static Plan of(SchemaSource source) {
    String schema = source.schema();
    if (!schema.matches("[a-z][a-z0-9_]{0,47}") || schema.startsWith("pg_") || schema.equals("public")
        || schema.equals("information_schema")) {
      throw new IllegalArgumentException("a schema of a plugin is 1 to 48 of a-z, 0-9 and '_', begins with a letter, and is "
          + "none of "
          + "PostgreSQL's own");
    }
    List<Migration> migrations = List.copyOf(source.migrations());
    if (migrations.size() > MIGRATIONS_MAX) {
      throw new IllegalArgumentException("schema " + schema + " has more than " + MIGRATIONS_MAX + " migrations");
    }
    for (int i = 0; i < migrations.size(); i++) {
      if (migrations.get(i).number() != i + 1) {
        throw new IllegalArgumentException("schema " + schema + ": migration " + (i + 1)
            + " is missing, or its numbers are not in order");
      }
    }
    return new Plan(schema, migrations);
  }

  int target() {
    return migrations.size();
  }

  /** Statements of a migration for this schema, or for another name of it. */
  static String sql(String text, String schema) {
    return text.replace("${schema}", schema);
  }

  /** Of what is done, not of how it is undone: a better way back may come later. */
  static String checksum(Migration migration) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update((migration.number() + "\0" + migration.name() + "\0" + migration.transactional()
          + "\0").getBytes(StandardCharsets.UTF_8));
      sha.update(migration.up().replace("\r\n", "\n").strip().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
