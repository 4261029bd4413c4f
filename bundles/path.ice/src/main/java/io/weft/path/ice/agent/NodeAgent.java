package io.weft.path.ice.agent;

import io.weft.path.ice.check.Credentials;
import java.util.function.Consumer;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.stack.StunStack;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;

/** An agent with credentials that were drawn before it was made, so that none is needed while a peer has not answered. */
final class NodeAgent extends Agent {

  private final Credentials credentials;
  private final Consumer<TransportAddress> seen;
  // The constructor above asks for it before this one has begun, so it must not be set again here.
  private @Nullable StunStack stack;

  /** @param seen hears from where the peer proved its credentials */
  NodeAgent(Credentials credentials, Logger logger, Consumer<TransportAddress> seen) {
    super(logger);
    this.credentials = credentials;
    this.seen = seen;
  }

  @Override
  public String getLocalUfrag() {
    return credentials == null ? super.getLocalUfrag() : credentials.ufrag();
  }

  @Override
  public String getLocalPassword() {
    return credentials == null ? super.getLocalPassword() : credentials.password();
  }

  @Override
  public synchronized StunStack getStunStack() {
    if (stack == null) {
      stack = new PatientStack();
    }
    return stack;
  }

  @Override
  protected boolean incomingCheckReceived(
      TransportAddress remote, TransportAddress local, long priority, String remoteUfrag, String localUfrag, boolean useCandidate) {
    seen.accept(remote);
    return super.incomingCheckReceived(remote, local, priority, remoteUfrag, localUfrag, useCandidate);
  }
}
