package org.example.usagefiles;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import io.weft.node.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Usage that something else measured and wrote down: a file per hour, {@code 2026-01-31T09.csv}. As long as the file is not there, the hour
 * is not known and so not charged; an hour in which nobody used anything has a file that is empty.
 */
@Component(name = "usage-files", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = UsageFilesConfig.class)
public final class UsageFiles implements MeterSource {

  private static final int HOUR_PREFIX = "hour:".length();

  private final String meter;
  private final Path folder;

  @Activate
  public UsageFiles(UsageFilesConfig config, @Reference Node node) {
    this(config.meter(), node.home().resolve(config.folder()));
  }

  UsageFiles(String meter, Path folder) {
    if (!meter.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("usage-files.meter: expected lower-case letters, digits and dashes, such as storage");
    }
    this.meter = meter;
    this.folder = folder;
  }

  @Override
  public String meter() {
    return meter;
  }

  @Override
  public Map<Long, BigDecimal> read(Hour hour, List<AccountRef> accounts) throws IOException {
    Path file = folder.resolve(hour.key().substring(HOUR_PREFIX) + ".csv");
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return UsageTable.read(lines, accounts);
    } catch (NoSuchFileException e) {
      throw new IOException("usage-files: there is no " + file.getFileName() + " yet; the hour is charged when there is", e);
    } catch (MalformedUsage e) {
      throw new IOException("usage-files: " + file.getFileName() + ", " + e.getMessage(), e);
    }
  }
}
