package io.weft.node.core.config;

import io.weft.node.core.config.YamlNode.Entry;
import io.weft.node.core.config.YamlNode.Mapping;
import io.weft.node.core.config.YamlNode.Scalar;
import io.weft.node.core.config.YamlNode.Sequence;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Bytes to nodes. Bounded in bytes, depth and nodes; refuses what YAML can do and a configuration has no use for. */
public final class YamlReader {

  /** Bytes of a file. */
  public static final int BYTES_MAX = 1 << 20;

  /** Lists and maps in each other. */
  static final int DEPTH_MAX = 16;

  /** Values in a file, aliases written out. */
  static final int NODES_MAX = 20_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setLabel("weft.yaml").setUseMarks(true).setCodePointLimit(BYTES_MAX).setParseComments(false).build();

  private final List<Problem> problems;
  private final Iterator<Event> events;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();
  private int nodes;

  /** Ends the reading; the problem is in the list. */
  private static final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unreadable() {
      super(null, null, false, false);
    }
  }

  private YamlReader(String text, List<Problem> problems) {
    this.problems = problems;
    this.events = new Parse(SETTINGS).parseString(text).iterator();
  }

  /**
   * The document in {@code bytes}; an empty one is an empty map. Empty if it cannot be read as a whole. Everything that is wrong
   * is added to {@code problems}.
   */
  public static Optional<Mapping> read(byte[] bytes, List<Problem> problems) {
    if (bytes.length > BYTES_MAX) {
      problems.add(new Problem(0, "", "has " + bytes.length + " bytes; a configuration has at most " + BYTES_MAX));
      return Optional.empty();
    }
    try {
      return Optional.of(new YamlReader(decode(bytes, problems), problems).document());
    } catch (Unreadable e) {
      return Optional.empty();
    } catch (MarkedYamlEngineException e) {
      problems.add(new Problem(line(e.getProblemMark().or(e::getContextMark)), "", "is not YAML here: " + syntax(e)));
      return Optional.empty();
    } catch (YamlEngineException e) {
      problems.add(new Problem(0, "", "is not YAML: " + Text.shown(String.valueOf(e.getMessage()))));
      return Optional.empty();
    }
  }

  private static String decode(byte[] bytes, List<Problem> problems) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(in).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      problems.add(new Problem(line, "", "is not UTF-8 text; save the file as UTF-8"));
      throw new Unreadable();
    }
  }

  private static String syntax(MarkedYamlEngineException e) {
    String problem = Text.shown(String.valueOf(e.getProblem()));
    boolean brace = problem.contains("',' or") || String.valueOf(e.getContext()).contains("flow");
    return problem + (brace ? "; check brackets and commas, and put values with { or : in quotes"
        : "; check indentation, colons and quotes");
  }

  private Mapping document() {
    Mapping root = new Mapping(1, List.of(), 1);
    int documents = 0;
    while (events.hasNext()) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        if (++documents > 1) {
          throw refuse(line(event.getStartMark()), "",
              "starts a second document; keep everything in one, without a line '---' between");
        }
      } else if (event instanceof NodeEvent node) {
        root = root(node(node, 0));
      }
    }
    return root;
  }

  private Mapping root(YamlNode node) {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    if (node instanceof Scalar scalar && scalar.isNull()) {
      return new Mapping(1, List.of(), 1);
    }
    throw refuse(node.line(), "", "must be a map of sections, but is " + node.what() + "; write lines such as 'fabric: demo'");
  }

  private YamlNode node(NodeEvent event, int depth) {
    int line = line(event.getStartMark());
    if (event instanceof AliasEvent alias) {
      YamlNode known = anchors.get(alias.getAlias());
      if (known == null) {
        throw refuse(line, "", "refers to '*" + Text.shown(alias.getAlias().getValue())
            + "', which is not written above; add it or write the value");
      }
      count(known.size(), line);
      return known;
    }
    if (depth > DEPTH_MAX) {
      throw refuse(line, "", "has more than " + DEPTH_MAX + " lists and maps in each other; write it flatter");
    }
    count(1, line);
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), line);
      node = new Scalar(line, scalar.getValue(), scalar.isPlain());
    } else {
      refuseTag(((CollectionStartEvent) event).getTag(), line);
      node = event instanceof MappingStartEvent ? mapping(line, depth) : sequence(line, depth);
    }
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    return node;
  }

  private Sequence sequence(int line, int depth) {
    List<YamlNode> items = new ArrayList<>();
    int size = 1;
    for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
      YamlNode item = node((NodeEvent) event, depth + 1);
      items.add(item);
      size += item.size();
    }
    return new Sequence(line, items, size);
  }

  private Mapping mapping(int line, int depth) {
    Map<String, Integer> seen = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    int size = 1;
    for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
      YamlNode key = node((NodeEvent) event, depth + 1);
      YamlNode value = node((NodeEvent) events.next(), depth + 1);
      size += 1 + value.size();
      if (!(key instanceof Scalar scalar)) {
        problems.add(new Problem(key.line(), "", "has " + key.what() + " where a key is expected; keys are plain words"));
        continue;
      }
      Integer first = seen.putIfAbsent(scalar.text(), key.line());
      if (first != null) {
        problems.add(new Problem(key.line(), Text.shown(scalar.text()), "is written twice, first in line " + first
            + "; keep one"));
        continue;
      }
      entries.add(new Entry(scalar.text(), key.line(), value));
    }
    return new Mapping(line, entries, size);
  }

  private void refuseTag(Optional<String> tag, int line) {
    if (tag.isPresent()) {
      throw refuse(line, "", "has the tag '" + Text.shown(tag.get()) + "'; write the plain value, tags are not used here");
    }
  }

  private void count(int more, int line) {
    nodes += more;
    if (nodes > NODES_MAX) {
      throw refuse(line, "", "holds more than " + NODES_MAX + " values; a configuration has fewer");
    }
  }

  private Unreadable refuse(int line, String key, String text) {
    problems.add(new Problem(line, key, text));
    return new Unreadable();
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }
}
