package io.weft.plugin;

/**
 * What the node thinks of a jar.
 *
 * @param problem {@link PluginProblem#NONE} if it may run
 * @param signer the name of the key that signed it, where the signature is good and the key known, even if it may not sign this; else empty
 * @param keyId the id of the key that the signature names, which may be unknown; empty if there is no signature
 * @param name symbolic name, or empty if it cannot be read
 * @param version version, or empty if it cannot be read
 * @param sha256 of the whole file, in lower-case hexadecimal; empty if it cannot be read
 * @param reason one line for people: what is wrong and what to do; for what may run, what that rests on
 */
public record PluginVerdict(
    PluginStanding standing,
    PluginProblem problem,
    String signer,
    String keyId,
    String name,
    String version,
    String sha256,
    String reason) {

  public PluginVerdict {
    if (standing.mayRun() != (problem == PluginProblem.NONE)) {
      throw new IllegalArgumentException("a verdict of " + standing + " with the problem " + problem);
    }
  }

  public boolean mayRun() {
    return standing.mayRun();
  }
}
