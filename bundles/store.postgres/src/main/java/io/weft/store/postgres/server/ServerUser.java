package io.weft.store.postgres.server;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who runs the server, which refuses to be run by root: whoever runs the node, or a user without rights if that is root.
 *
 * @param name empty: whoever runs the node
 * @param group number of its first group; empty if the name is
 */
record ServerUser(String name, String group) {

  private static final List<String> KNOWN = List.of("weft", "postgres", "nobody");
  private static final Duration MOST = Duration.ofSeconds(10);

  /**
   * Finds a user.
   *
   * @param wanted empty: any that is known to be there
   */
  static ServerUser find(String wanted, Commands commands) throws ServerFailed {
    if (!isRoot()) {
      return new ServerUser("", "");
    }
    for (String name : wanted.isEmpty() ? KNOWN : List.of(wanted)) {
      if (name.matches("[a-z_][a-z0-9_-]{0,31}") && !name.equals("root")) {
        Commands.Result result = commands.run(MOST, List.of("id", "-g", name));
        if (result.isOk() && result.lastLine().matches("[1-9][0-9]*")) {
          return new ServerUser(name, result.lastLine());
        }
      }
    }
    throw new ServerFailed(wanted.isEmpty()
        ? "PostgreSQL is not to be run by root, and there is no user " + String.join(", ", KNOWN)
        + "; run the node as another user, "
            + "or: useradd --system weft"
        : "there is no user '" + wanted + "' without the rights of root (store.postgres.run.as)");
  }

  private static boolean isRoot() throws ServerFailed {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      throw new ServerFailed("the node runs a PostgreSQL of its own on Linux only; set store.postgres.url", e);
    }
  }

  /** The words that run a program as this user, in the same process. */
  List<String> words(String... program) {
    List<String> words = new ArrayList<>();
    if (!name.isEmpty()) {
      words.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--clear-groups", "--no-new-privs", "--"));
    }
    words.addAll(List.of(program));
    return words;
  }

  /** Gives it a file or a directory. */
  void own(Path path) throws IOException {
    if (!name.isEmpty()) {
      UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
      Files.setOwner(path, users.lookupPrincipalByName(name));
    }
  }

  /**
   * Lets it pass through a directory of ours, which stays closed to everybody else. One that another group uses stays as it is.
   */
  void letThrough(Path directory) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    boolean taken = permissions.stream().anyMatch(PosixFilePermissions.fromString("---rwx---")::contains);
    Integer theirs = Integer.valueOf(group);
    if (!taken || theirs.equals(Files.getAttribute(directory, "unix:gid"))) {
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      Files.setAttribute(directory, "unix:gid", theirs);
      view.setPermissions(permissions);
    }
  }

  /** Whether it can get into a directory. */
  boolean reaches(Path directory, Commands commands) throws ServerFailed {
    return commands.run(MOST, words("sh", "-c", "cd -- \"$1\"", "sh", directory.toString())).isOk();
  }

  /** For people. */
  String inWords() {
    return name.isEmpty() ? "the user of the node" : "user " + name;
  }
}
