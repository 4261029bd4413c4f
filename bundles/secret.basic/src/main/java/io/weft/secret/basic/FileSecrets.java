package io.weft.secret.basic;

import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret per file. What others than the owner could have read or changed is refused rather than used: files need mode 0600, the
 * folder 0700; of a file elsewhere the folder must not be writable for others.
 */
@Component(name = "weft.secret.basic.file")
@Designate(ocd = FileSecretsConfig.class)
public final class FileSecrets implements SecretSource {

  static final int SECRET_MAX = 64 * 1024;
  private static final int NAMES_MAX = 1000;
  private static final int FOLDERS_MAX = 4;
  private static final String SCHEME = "file";
  private static final Set<PosixFilePermission> GROUP_OR_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
  private static final Set<PosixFilePermission> OTHERS_WRITE = PosixFilePermissions.fromString("----w--w-");
  private static final Logger log = LoggerFactory.getLogger(FileSecrets.class);

  private final Path dir;

  @Activate
  public FileSecrets(BundleContext context, FileSecretsConfig config) {
    this(Path.of(context.getProperty("weft.home") == null ? "." : context.getProperty("weft.home")).resolve(config.dir()));
  }

  FileSecrets(Path dir) {
    this.dir = dir.toAbsolutePath().normalize();
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Secret read(String name) throws SecretUnavailable {
    SecretNames.check(SCHEME, name);
    Path file = locate(name);
    try {
      boolean ours = !name.startsWith("/");
      Path real = file.toRealPath();
      if (ours && !real.startsWith(dir.toRealPath())) {
        throw unavailable(name, "leads out of " + dir
            + " through a symbolic link; copy the file there, or name it with its whole path");
      }
      checkFolder(name, ours ? dir.toRealPath() : real.getParent(), ours ? GROUP_OR_OTHERS : OTHERS_WRITE);
      checkFile(name, real);
      return content(name, real);
    } catch (NoSuchFileException e) {
      throw unavailable(name, "there is no file " + file + "; write it with mode 0600");
    } catch (IOException e) {
      throw new SecretUnavailable("secret:file/" + name + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private Path locate(String name) throws SecretUnavailable {
    String relative = name.startsWith("/") ? name.substring(1) : name;
    for (String part : relative.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\\') >= 0) {
        throw unavailable(name, "is not a file name: no part of it may be empty, '.', '..' or hold a backslash");
      }
    }
    try {
      return dir.resolve(name);
    } catch (InvalidPathException e) {
      throw new SecretUnavailable("secret:file/" + name + ": is not a file name", e);
    }
  }

  private static void checkFolder(String name, Path folder, Set<PosixFilePermission> refused) throws IOException,
      SecretUnavailable {
    PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
    if (attributes.permissions().stream().anyMatch(refused::contains)) {
      boolean any = refused.size() > OTHERS_WRITE.size();
      throw unavailable(
          name,
          "the folder " + folder + " has mode " + mode(attributes) + ", so others could " + (any ? "look into" : "change")
              + " it; run: chmod "
              + (any ? "700 " : "go-w ") + folder);
    }
  }

  private static void checkFile(String name, Path file) throws IOException, SecretUnavailable {
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw unavailable(name, file + " is not a file");
    }
    if (attributes.permissions().stream().anyMatch(GROUP_OR_OTHERS::contains)) {
      throw unavailable(name, file + " has mode " + mode(attributes) + ", so others could have read it; run: chmod 600 " + file);
    }
    if (attributes.size() > SECRET_MAX + 2) {
      throw tooLong(name, file);
    }
  }

  private static Secret content(String name, Path file) throws IOException, SecretUnavailable {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(SECRET_MAX + 3);
    }
    byte[] value = withoutNewline(bytes);
    try {
      if (value.length == 0) {
        throw unavailable(name, file + " is empty");
      }
      if (value.length > SECRET_MAX) {
        throw tooLong(name, file);
      }
      return Secret.copyOf(value);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(value, (byte) 0);
    }
  }

  /** Editors and echo add one newline that nobody means. */
  private static byte[] withoutNewline(byte[] bytes) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
    }
    return Arrays.copyOf(bytes, end);
  }

  @Override
  public List<String> names() {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(dir, FOLDERS_MAX)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> dir.relativize(file).toString())
          .filter(name -> name.length() <= 256 && name.chars().allMatch(c -> c > 0x20 && c < 0x7f))
          .limit(NAMES_MAX)
          .sorted()
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      log.warn("secret names unknown dir={} reason={}", dir, e.toString());
      return List.of();
    }
  }

  private static String mode(PosixFileAttributes attributes) {
    int mode = 0;
    for (PosixFilePermission permission : attributes.permissions()) {
      mode |= 0400 >> permission.ordinal(); // declared from owner-read to others-execute
    }
    return String.format("0%03o", mode);
  }

  private static SecretUnavailable tooLong(String name, Path file) {
    return unavailable(name, file + " has more than " + SECRET_MAX + " bytes, which is too long for a secret");
  }

  private static SecretUnavailable unavailable(String name, String why) {
    return SecretNames.unavailable(SCHEME, name, why);
  }
}
