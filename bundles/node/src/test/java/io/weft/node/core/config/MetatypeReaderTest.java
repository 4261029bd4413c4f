package io.weft.node.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetatypeReaderTest {

  private final MetatypeReader reader = new MetatypeReader();

  @Test
  void readsKeysWithTypeRangeOptionsAndWhenAChangeApplies() {
    SectionSchema quic = TestSchema.schema().byPid("weft.transport.quic").orElseThrow();

    assertThat(quic.factory()).isFalse();
    assertThat(quic.keys().get("congestion.control").options()).containsExactly("bbr", "cubic");
    KeySchema share = quic.keys().get("share");
    assertThat(share.type()).isEqualTo(KeySchema.Type.DOUBLE);
    assertThat(share.min()).isEqualTo("0");
    assertThat(share.max()).isEqualTo("1");
    KeySchema listen = quic.keys().get("listen");
    assertThat(listen.description()).isEqualTo("IP address and port.");
    assertThat(listen.applies()).isEqualTo("after a restart");
    assertThat(listen.waitsForRestart()).isTrue();
  }

  @Test
  void aKeyIsRequiredIfItHasNoDefaultAndIsNoList() {
    SectionSchema expose = TestSchema.schema().byPid(ConfigSchema.EXPOSE_PID).orElseThrow();

    assertThat(expose.factory()).isTrue();
    assertThat(expose.keys().values()).filteredOn(KeySchema::required).extracting(KeySchema::id).containsExactly("service");
  }

  @Test
  void defaultsOfListsAreSplit() throws IOException {
    String xml =
        """
        <MetaData><OCD id="x" name="x"><AD id="l" type="String" cardinality="9" default="a, b\\,c,d" description="A list, no more."/></OCD>
        <Designate pid="p"><Object ocdref="x"/></Designate></MetaData>
        """;
    KeySchema key = read(xml).get(0).keys().get("l");

    assertThat(key.defaults()).containsExactly("a", "b,c", "d");
    assertThat(key.applies()).isEqualTo("at once");
    assertThat(key.description()).isEqualTo("A list, no more.");
  }

  @Test
  void refusesEntitiesAndNonsense() {
    assertThatThrownBy(() -> read("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><MetaData>&e;</MetaData>"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("x.xml: is not a metatype document: DOCTYPE is disallowed");
    assertThatThrownBy(() -> read("nonsense")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("<MetaData><OCD id='x'><AD id='a' type='Char'/></OCD></MetaData>"))
        .hasMessage("x.xml: is not a metatype document: the type Char is not known");
  }

  private List<SectionSchema> read(String xml) throws IOException {
    return reader.read("x.xml", new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }
}
