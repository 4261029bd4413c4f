package io.weft.node.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlReaderTest {

  @Test
  void nothingIsAnEmptyMap() {
    for (String text : new String[] {"", "\n\n", "# only a comment\n", "---\n", "~", "null"}) {
      List<Problem> problems = new ArrayList<>();
      assertThat(YamlReader.read(text.getBytes(UTF_8), problems)).hasValueSatisfying(map -> assertThat(map.entries()).isEmpty());
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void knowsTheLineOfEverything() {
    List<Problem> problems = new ArrayList<>();
    YamlNode.Mapping map = YamlReader.read("a: 1\nb:\n  - x\n  - {c: y}\n".getBytes(UTF_8), problems).orElseThrow();

    assertThat(map.entries()).extracting(YamlNode.Entry::line).containsExactly(1, 2);
    YamlNode.Sequence list = (YamlNode.Sequence) map.entries().get(1).value();
    assertThat(list.items()).extracting(YamlNode::line).containsExactly(3, 4);
  }

  @Test
  void aliasesStandForWhatTheyName() {
    List<Problem> problems = new ArrayList<>();
    YamlNode.Mapping map = YamlReader.read("a: &x [1, 2]\nb: *x\n".getBytes(UTF_8), problems).orElseThrow();

    assertThat(map.entries().get(1).value()).isEqualTo(map.entries().get(0).value());
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesWhatIsNotYaml() {
    assertThat(wrong("a: [1, 2\nb: 3\n")).singleElement().asString().startsWith("weft.yaml:2: is not YAML here: ")
        .contains("check brackets");
    assertThat(wrong("a: b: c\n"))
        .containsExactly(
            "weft.yaml:1: is not YAML here: mapping values are not allowed here; check indentation, colons and quotes");
    assertThat(wrong("a: \u0007\n")).singleElement().asString().startsWith("weft.yaml: is not YAML: ");
    assertThat(wrong("a: {b: ${env:X}}\n")).singleElement().asString().contains("put values with { or : in quotes");
  }

  @Test
  void refusesKeysThatAreWrittenTwiceAllOfThem() {
    assertThat(wrong("a: 1\nb: {c: 1, c: 2}\na: 2\n"))
        .containsExactly(
            "weft.yaml:2: c: is written twice, first in line 2; keep one",
                "weft.yaml:3: a: is written twice, first in line 1; keep one");
  }

  @Test
  void refusesWhatAConfigurationHasNoUseFor() {
    assertThat(wrong("a: !!java.net.URL [x]\n"))
        .containsExactly(
            "weft.yaml:1: has the tag 'tag:yaml.org,2002:java.net.URL'; write the plain value, tags are not used here");
    assertThat(wrong("a: 1\n---\nb: 2\n"))
        .containsExactly("weft.yaml:2: starts a second document; keep everything in one, without a line '---' between");
    assertThat(wrong("a: *x\n"))
        .containsExactly("weft.yaml:1: refers to '*x', which is not written above; add it or write the value");
    assertThat(wrong("[a]: b\n")).containsExactly("weft.yaml:1: has a list where a key is expected; keys are plain words");
    assertThat(wrong("- a\n"))
        .containsExactly("weft.yaml:1: must be a map of sections, but is a list; write lines such as 'fabric: demo'");
  }

  @Test
  void refusesAnAliasWithinItself() {
    assertThat(wrong("a: &x [*x]\n")).containsExactly(
        "weft.yaml:1: refers to '*x', which is not written above; add it or write the value");
  }

  @Test
  void isBoundedInDepthValuesAndBytes() {
    assertThat(wrong("a: " + "[".repeat(17) + "]".repeat(17) + "\n"))
        .containsExactly("weft.yaml:1: has more than 16 lists and maps in each other; write it flatter");
    assertThat(wrong("a: " + "[".repeat(500_000) + "\n"))
        .containsExactly("weft.yaml:1: has more than 16 lists and maps in each other; write it flatter");
    assertThat(wrong("a: [" + "x,".repeat(20_000) + "]\n"))
        .containsExactly("weft.yaml:1: holds more than 20000 values; a configuration has fewer");
    String laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'j'; c++) {
      String last = "*" + (char) (c - 1);
      laughs += c + ": &" + c + " [" + String.join(",", java.util.Collections.nCopies(9, last)) + "]\n";
    }
    assertThat(wrong(laughs)).singleElement().asString().contains("holds more than 20000 values");
    assertThat(wrong("a".repeat(YamlReader.BYTES_MAX + 1)))
        .containsExactly("weft.yaml: has 1048577 bytes; a configuration has at most 1048576");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    List<Problem> problems = new ArrayList<>();
    assertThat(YamlReader.read(new byte[] {'a', ':', '\n', (byte) 0xff}, problems)).isEmpty();
    assertThat(problems).containsExactly(new Problem(2, "", "is not UTF-8 text; save the file as UTF-8"));
  }

  private static List<String> wrong(String text) {
    List<Problem> problems = new ArrayList<>();
    YamlReader.read(text.getBytes(UTF_8), problems);
    return problems.stream().map(problem -> problem.at("weft.yaml")).toList();
  }
}
