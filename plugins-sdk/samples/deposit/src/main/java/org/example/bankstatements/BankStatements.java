package org.example.bankstatements;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.node.Names;
import io.weft.node.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * What came in by transfer, as the statements of the bank say: files {@code *.xml} in a folder, in the order of their names. When anything
 * in the folder changes, all of it is given again, which does no harm: the bank's reference is the id of a deposit for ever.
 */
@Component(name = "bank-statements", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = BankStatementsConfig.class)
public final class BankStatements implements DepositSource {

  private static final int FILE_MAX = 16 << 20;
  private static final int FILES_MAX = 1_000;

  private final String name;
  private final Path folder;
  private final StatementReader reader;

  @Activate
  public BankStatements(BankStatementsConfig config, @Reference Node node) {
    this(config.name(), node.home().resolve(config.folder()), new StatementReader(config.currency(), config.payer_by()));
  }

  BankStatements(String name, Path folder, StatementReader reader) {
    this.name = Names.check("bank-statements.name", name);
    this.folder = folder;
    this.reader = reader;
  }

  @Override
  public String name() {
    return name;
  }

  /** Where it stands in the folder as it was then: fingerprint, file, deposit in that file. */
  private record Cursor(String fingerprint, int file, int deposit) {

    static Cursor parse(String text, String now) {
      String[] words = text.split(" ");
      boolean ours = words.length == 3 && words[0].equals(now) && words[1].matches("[0-9]{1,9}") && words[2].matches("[0-9]{1,9}");
      return ours ? new Cursor(now, Integer.parseInt(words[1]), Integer.parseInt(words[2])) : new Cursor(now, 0, 0);
    }

    DepositBatch batch(List<Deposit> deposits, boolean more) {
      return new DepositBatch(deposits, fingerprint + " " + file + " " + deposit, more);
    }
  }

  @Override
  public DepositBatch read(String cursor, int max) throws IOException {
    List<Path> files = files();
    Cursor at = Cursor.parse(cursor, fingerprint(files));
    List<Deposit> given = new ArrayList<>();
    while (at.file() < files.size() && given.size() < max) {
      List<Deposit> all = deposits(files.get(at.file()));
      int from = Math.min(at.deposit(), all.size());
      int to = Math.min(all.size(), from + max - given.size());
      given.addAll(all.subList(from, to));
      at = to == all.size() ? new Cursor(at.fingerprint(), at.file() + 1, 0) : new Cursor(at.fingerprint(), at.file(), to);
    }
    return at.batch(given, at.file() < files.size());
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(name + ": there is no folder for statements; make it, or correct bank-statements.folder");
    }
    try (Stream<Path> list = Files.list(folder)) {
      List<Path> files = list.filter(file -> file.getFileName().toString().matches("[^.].*\\.xml")).sorted().limit(FILES_MAX + 1).toList();
      if (files.size() > FILES_MAX) {
        throw new IOException(name + ": more than " + FILES_MAX + " statements; move away those that are done");
      }
      return files;
    }
  }

  private List<Deposit> deposits(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] xml = in.readNBytes(FILE_MAX + 1);
      if (xml.length > FILE_MAX) {
        throw new MalformedStatement("larger than " + (FILE_MAX >> 20) + " MiB");
      }
      return reader.deposits(xml);
    } catch (MalformedStatement e) {
      throw new IOException(name + ": " + file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  /** Of names, sizes and times. */
  private static String fingerprint(List<Path> files) throws IOException {
    CRC32 sum = new CRC32();
    for (Path file : files) {
      String line = file.getFileName() + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file) + "\n";
      sum.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Long.toHexString(sum.getValue());
  }
}
