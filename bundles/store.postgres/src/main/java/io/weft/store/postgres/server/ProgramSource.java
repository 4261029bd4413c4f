package io.weft.store.postgres.server;

import java.io.IOException;
import java.io.InputStream;

/** An archive of PostgreSQL's programs that can be run on this machine. */
public interface ProgramSource {

  /** Such as {@code 18.6.0}. */
  String version();

  /** The archive, a tar file that xz packed. */
  InputStream open() throws IOException;
}
