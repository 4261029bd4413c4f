package io.weft.node.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {

  @TempDir Path home;

  @Test
  void onlyItsOwnerCanReachIt() throws Exception {
    Path run = home.resolve("run");
    Files.createDirectory(run, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    SocketFile socket = SocketFile.open(run.resolve("control.sock"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run))).isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.path()))).isEqualTo("rw-------");
    socket.close();
    assertThat(socket.path()).doesNotExist();
  }

  @Test
  void replacesOneThatWasLeftBehind() throws Exception {
    Path path = home.resolve("run/control.sock");
    Files.createDirectories(path.getParent());
    ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    killed.bind(UnixDomainSocketAddress.of(path));
    killed.close();
    assertThat(path).exists();
    SocketFile.open(path).close();
  }

  @Test
  void leavesAloneOneThatAnswers() throws Exception {
    Path path = home.resolve("run/control.sock");
    SocketFile first = SocketFile.open(path);
    assertThatThrownBy(() -> SocketFile.open(path)).isInstanceOf(IOException.class)
        .hasMessageContaining("another process answers");
    assertThat(path).exists();
    first.close();
  }

  @Test
  void doesNotRemoveTheFileOfASuccessor() throws Exception {
    Path path = home.resolve("run/control.sock");
    SocketFile first = SocketFile.open(path);
    Files.delete(path);
    SocketFile second = SocketFile.open(path);
    first.close();
    assertThat(path).exists();
    second.close();
  }

  @Test
  void saysWhatToDoAboutALongPath() {
    Path path = home.resolve("x".repeat(120)).resolve("run/control.sock");
    assertThatThrownBy(() -> SocketFile.open(path)).isInstanceOf(IOException.class).hasMessageContaining("choose a shorter home");
  }

  @Test
  void letsInTheOwnerAndRootOnly() throws Exception {
    var users = FileSystems.getDefault().getUserPrincipalLookupService();
    UserPrincipal owner = users.lookupPrincipalByName("54321");
    PeerCredentials credentials = new PeerCredentials(owner);
    assertThat(credentials.allows(owner)).isTrue();
    assertThat(credentials.allows(users.lookupPrincipalByName("root"))).isTrue();
    assertThat(credentials.allows(users.lookupPrincipalByName("54322"))).isFalse();
  }
}
