package io.weft.installer;

import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginVerdict;
import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.PluginArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one way in: whatever is to be installed, by command, from a catalogue or through the deploy folder, is copied into staging first and
 * leaves it only after it kept every rule of archives and somebody trusted vouched for it.
 */
final class Intake {

  private final Staging staging;
  private final Sources sources;
  private final Supplier<Optional<PluginTrust>> trust;

  Intake(Staging staging, Sources sources, Supplier<Optional<PluginTrust>> trust) {
    this.staging = staging;
    this.sources = sources;
    this.trust = trust;
  }

  /** @param source as somebody typed it */
  JarFacts take(String source) throws PluginRefused {
    Sources.Opened opened = sources.open(source);
    try (InputStream in = opened.in()) {
      return checked(staging.copy(in, source), opened.from());
    } catch (IOException e) {
      throw new PluginRefused("cannot read " + source + ": " + e.getMessage(), e);
    }
  }

  /** A jar that was taken before and is to come back: who is trusted may have changed. */
  JarFacts again(Path jar) throws PluginRefused {
    return checked(jar, Provenance.of("as it was before"));
  }

  private JarFacts checked(Path jar, Provenance from) throws PluginRefused {
    return JarFacts.read(jar, from, vouched(jar, from.typed()));
  }

  /** One line on who vouches for it. */
  private String vouched(Path jar, String source) throws PluginRefused {
    Optional<PluginTrust> current = trust.get();
    if (current.isEmpty()) {
      rules(jar, source);
      return ""; // the gate in the framework has the last word, whatever is said here
    }
    PluginVerdict verdict = current.get().check(jar);
    if (!verdict.mayRun()) {
      throw new PluginRefused((verdict.name().isEmpty() ? source : verdict.name()) + " may not run here: " + verdict.reason(), true);
    }
    return verdict.reason();
  }

  private static void rules(Path jar, String source) throws PluginRefused {
    try {
      PluginArchive.read(Files.readAllBytes(jar));
    } catch (MalformedArchive e) {
      throw new PluginRefused(source + " may not run here: " + e.getMessage(), true);
    } catch (IOException e) {
      throw new PluginRefused("cannot read " + source + ": " + e.getMessage(), e);
    }
  }
}
