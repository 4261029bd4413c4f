package io.weft.node.core.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The socket in the file system: only its owner can reach it, one left behind is replaced, one that answers is not. */
final class SocketFile {

  private static final int PATH_MAX = 107; // sun_path has 108 bytes with its terminator
  private static final int BACKLOG = 16;

  private final Path path;
  private final ServerSocketChannel channel;
  private final UserPrincipal owner;
  private final @Nullable Object fileKey;

  private SocketFile(Path path, ServerSocketChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    this.owner = Files.getOwner(path);
    this.fileKey = fileKey(path);
  }

  /** @throws IOException with one clear line if it cannot listen there */
  static SocketFile open(Path path) throws IOException {
    int length = path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (length > PATH_MAX) {
      throw new IOException("the path of a socket has at most " + PATH_MAX + " bytes, " + path + " has " + length
          + "; choose a shorter home");
    }
    Path directory = Objects.requireNonNull(path.getParent());
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      // Until its mode is set the directory keeps others out.
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      return new SocketFile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false); // somebody who listens but does not accept must not hold us up
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      Files.deleteIfExists(path); // nobody listens: left behind by a process that was killed
      return;
    }
    throw new IOException("another process answers on " + path);
  }

  Path path() {
    return path;
  }

  ServerSocketChannel channel() {
    return channel;
  }

  /** The user that runs this process. */
  UserPrincipal owner() {
    return owner;
  }

  /** Stops listening and removes the file, unless another process has put its own there meanwhile. */
  void close() throws IOException {
    channel.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(fileKey, fileKey(path))) {
      Files.deleteIfExists(path);
    }
  }

  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
  }
}
