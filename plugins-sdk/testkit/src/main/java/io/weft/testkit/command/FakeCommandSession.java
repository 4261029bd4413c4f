package io.weft.testkit.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;

/** A session of the shell in which a test calls a command: it has a console and variables, and nothing else. */
public final class FakeCommandSession {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream console = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final Map<String, Object> variables = new TreeMap<>();
  private final CommandSession session = (CommandSession) Proxy.newProxyInstance(
      FakeCommandSession.class.getClassLoader(), new Class<?>[] {CommandSession.class}, (proxy, method, arguments) ->
          switch (method.getName()) {
            case "getConsole" -> console;
            case "get" -> variables.get((String) arguments[0]);
            case "put" -> variables.put((String) arguments[0], arguments[1]);
            case "toString" -> "a session of a test";
            default -> throw new UnsupportedOperationException("a session of a test has no " + method.getName());
          });

  public CommandSession session() {
    return session;
  }

  /** Calls the command with these words and returns what it printed, or returned, as the shell would show it. */
  public String call(Function command, String... words) throws Exception {
    printed.reset();
    Object result = command.execute(session, new ArrayList<>(List.of(words)));
    if (result != null) {
      console.println(result);
    }
    console.flush();
    return printed.toString(StandardCharsets.UTF_8);
  }
}
