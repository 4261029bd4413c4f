package io.weft.billing.source;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.node.Names;
import io.weft.node.Node;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Deposits from files {@code *.csv} and {@code *.json} in a folder, in the order of their names. When anything in the folder
 * changes, all of it is given again, which does no harm; files that are done can be moved away.
 */
@Component(name = "weft.billing.deposits.folder", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FolderSource.Config.class, factory = true)
public final class FolderSource implements DepositSource {

  private static final long FILE_MAX = 64L << 20;
  private static final int FILES_MAX = 10_000;
  private static final int FINGERPRINT = 12;

  private final String name;
  private final Path folder;

  /** One entry of section {@code billing.deposits.folder}. */
  @ObjectClassDefinition(name = "Weft: deposits from a folder", description = "Deposits from CSV and JSON files.")
  @interface Config {

    @AttributeDefinition(description =
        "Name of the source, a part of the reference of every credit: never change it. Applies at once.")
    String name();

    @AttributeDefinition(description = "The folder; from the home of the node, if it is not absolute. Applies at once.")
    String path();
  }

  @Activate
  public FolderSource(Config config, @Reference Node node) {
    this(config.name(), node.home().resolve(config.path()));
  }

  FolderSource(String name, Path folder) {
    this.name = Names.check("billing.deposits.folder.name", name);
    this.folder = folder;
  }

  @Override
  public String name() {
    return name;
  }

  /** Where it stands in the folder as it was then. */
  private record Cursor(String fingerprint, int file, int row) {

    static Cursor parse(String text, String fingerprint) {
      String[] parts = text.split(" ");
      return parts.length == 3 && parts[0].equals(fingerprint) && (parts[1] + parts[2]).matches("[0-9]{2,12}")
          ? new Cursor(fingerprint, Integer.parseInt(parts[1]), Integer.parseInt(parts[2])) : new Cursor(fingerprint, 0, 0);
    }

    String text() {
      return fingerprint + " " + file + " " + row;
    }
  }

  @Override
  public DepositBatch read(String cursor, int max) throws IOException {
    List<Path> files = files();
    Cursor at = Cursor.parse(cursor, fingerprint(files));
    if (at.file() >= files.size()) {
      return new DepositBatch(List.of(), at.text(), false);
    }
    List<Deposit> all = deposits(files.get(at.file()));
    int end = Math.min(all.size(), at.row() + max);
    List<Deposit> some = at.row() < end ? all.subList(at.row(), end) : List.of();
    Cursor next = end >= all.size() ? new Cursor(at.fingerprint(), at.file() + 1, 0)
        : new Cursor(at.fingerprint(), at.file(), end);
    return new DepositBatch(some, next.text(), next.file() < files.size());
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("billing.deposits.folder " + name + ": there is no such folder");
    }
    try (Stream<Path> list = Files.list(folder)) {
      List<Path> files = list.filter(f -> f.getFileName().toString().matches("[^.].*\\.(csv|json)")).sorted().limit(FILES_MAX + 1)
          .toList();
      if (files.size() > FILES_MAX) {
        throw new IOException("billing.deposits.folder " + name + ": more than " + FILES_MAX
            + " files; move away those that are done");
      }
      return files;
    }
  }

  private static List<Deposit> deposits(Path file) throws IOException {
    String where = file.getFileName() + ": ";
    if (Files.size(file) > FILE_MAX) {
      throw new MalformedDeposits(where + "larger than " + (FILE_MAX >> 20) + " MiB; split it");
    }
    try {
      String text = Files.readString(file);
      return where.endsWith(".csv: ") ? DepositFiles.csv(text) : DepositFiles.json(text);
    } catch (CharacterCodingException e) {
      throw new MalformedDeposits(where + "not UTF-8", e);
    } catch (MalformedDeposits e) {
      throw new MalformedDeposits(where + e.getMessage(), e);
    }
  }

  /** Of names, sizes and times. */
  private static String fingerprint(List<Path> files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(file.getFileName()).append('\n').append(Files.size(file)).append('\n').append(Files.getLastModifiedTime(file))
          .append('\n');
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
