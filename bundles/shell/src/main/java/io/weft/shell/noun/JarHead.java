package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.shell.frame.Text;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/** What a jar says of itself, read before it is installed. */
record JarHead(String name, String version, boolean fragment) {

  /** Reads the manifest and closes the stream. */
  static JarHead read(InputStream stream) throws IOException {
    try (JarInputStream jar = new JarInputStream(stream)) {
      Manifest manifest = jar.getManifest();
      String name = manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
      if (name == null) {
        throw new CommandFailure(CommandFailure.PRECONDITION,
            "it is not an OSGi bundle: its manifest has no Bundle-SymbolicName");
      }
      Attributes main = manifest.getMainAttributes();
      String version = main.getValue("Bundle-Version");
      return new JarHead(Text.clean(name.split(";", 2)[0].strip()), version == null ? "0.0.0" : Text.clean(version.strip()),
          main.getValue("Fragment-Host") != null);
    } catch (ZipException e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "it is not a jar: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
