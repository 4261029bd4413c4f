package io.weft.launcher.trust;

import io.weft.support.plugin.TrustedKey;
import io.weft.support.plugin.TrustedKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whom this node trusts now.
 *
 * @param folders where the keys are
 * @param unsigned whether what nobody vouches for runs, too
 */
record Policy(List<Path> folders, boolean unsigned, TrustedKeys keys) {

  /** Until the configuration says otherwise. */
  static Policy strict(Path home) {
    List<Path> folders = List.of(home.resolve("conf/keys"));
    return new Policy(folders, false, TrustedKeys.read(folders));
  }

  Policy readAgain() {
    return new Policy(folders, unsigned, TrustedKeys.read(folders));
  }

  /** In this order: what is wrong for certain comes before who vouches for it. */
  Verdict judge(JarFacts facts, DistributionHashes distribution) {
    if (distribution.contains(facts.sha256())) {
      return Verdict.good("OURS", "", facts, "a part of this distribution");
    }
    if (!facts.problem().isEmpty()) {
      return Verdict.refused(facts.problem(), "", facts, facts.problemText());
    }
    if (keys.revokedFiles().contains(facts.sha256())) {
      return Verdict.refused("REVOKED_FILE", "", facts, "this file was revoked; install another version");
    }
    if (!keys.usable()) {
      return Verdict.refused("REVOKED_FILE", "", facts, "what was revoked is not known: " + String.join("; ", keys.problems()));
    }
    Optional<TrustedKey> signer = facts.signature().flatMap(signature -> keys.find(signature.keyId()));
    return signer.isPresent() ? signed(facts, signer.get()) : unknown(facts);
  }

  private Verdict signed(JarFacts facts, TrustedKey signer) {
    if (!facts.signature().orElseThrow().isGood(facts.statement(), signer.key())) {
      return Verdict.refused("ALTERED", "", facts, "it was changed after it was signed; get it again from where it comes from");
    }
    if (keys.revokedKeys().contains(signer.key().id())) {
      return Verdict.refused("REVOKED_KEY", signer.name(), facts, "its key " + signer.name() + " (" + signer.key().id() + ") was revoked");
    }
    if (!signer.maySign(facts.name())) {
      return Verdict.refused("WRONG_NAME", signer.name(), facts, "the key " + signer.name() + " may not sign " + facts.name() + ", only "
          + String.join(" ", signer.plugins()) + "; see 'plugins:' in its file");
    }
    if (!facts.reserved().isEmpty() && !signer.isProducts()) {
      return Verdict.refused("RESERVED", signer.name(), facts, "it " + facts.reserved());
    }
    return Verdict.good("SIGNED", signer.name(), facts, "signed by " + signer.name());
  }

  private Verdict unknown(JarFacts facts) {
    if (!facts.reserved().isEmpty()) {
      return Verdict.refused("RESERVED", "", facts, "it " + facts.reserved());
    }
    if (facts.signature().isPresent() && keys.revokedKeys().contains(facts.keyId())) {
      return Verdict.refused("REVOKED_KEY", "", facts, "its key " + facts.keyId() + " was revoked");
    }
    if (unsigned) {
      return Verdict.good("UNSIGNED", "", facts, "nobody vouches for it; it runs because of plugins.unsigned: allow");
    }
    if (facts.signature().isPresent()) {
      return Verdict.refused("UNKNOWN_KEY", "", facts, "it is signed by the key " + facts.keyId()
          + ", which this node does not know; if you trust it, put its .pub file into conf/keys");
    }
    return Verdict.refused("NOT_SIGNED", "", facts, "it is not signed; sign it with 'weft plugin sign' and a key in conf/keys, or, on a "
        + "machine for development, set plugins: {unsigned: allow} in weft.yaml");
  }
}
