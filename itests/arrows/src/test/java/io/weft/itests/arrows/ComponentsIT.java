package io.weft.itests.arrows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the components of our bundles say about themselves: names, and configuration that every bundle can read. */
class ComponentsIT {

  private static final Pattern SECRET = Pattern.compile("secret|passw|passphrase|token|credential|private\\.?key");

  private final List<BuiltJar> bundles = BuiltJar.bundles();

  @Test
  void componentsAreNamedAfterTheirBundle() throws Exception {
    for (BuiltJar bundle : bundles) {
      for (Element component : elements(bundle, "component")) {
        String name = component.getAttribute("name");
        assertThat(name.equals("weft." + bundle.folder()) || name.startsWith("weft." + bundle.folder() + "."))
            .as("component %s of %s", name, bundle)
            .isTrue();
      }
    }
  }

  /**
   * Service properties are readable by every bundle, so a secret is a reference or it is not there. The reader of weft.yaml sees to it that
   * attributes of type Password are given as references; what sounds like a secret must be of that type.
   */
  @Test
  void configurationHoldsNoSecret() throws Exception {
    for (BuiltJar bundle : bundles) {
      for (Element attribute : elements(bundle, "AD")) {
        String id = attribute.getAttribute("id").toLowerCase(Locale.ROOT);
        boolean reference = attribute.getAttribute("type").equalsIgnoreCase("Password");
        assertThat(reference || !SECRET.matcher(id).find()).as("%s in %s is of type Password", id, bundle).isTrue();
        if (reference) {
          assertThat(attribute.getAttribute("default")).as("default of %s in %s", id, bundle).matches("|secret:.*");
        }
      }
      for (Element property : elements(bundle, "property")) {
        if (SECRET.matcher(property.getAttribute("name").toLowerCase(Locale.ROOT)).find()) {
          assertThat(property.getAttribute("value")).as("%s in %s", property.getAttribute("name"), bundle).matches("|secret:.*");
        }
      }
    }
  }

  @Test
  void everySettingIsDescribed() throws Exception {
    for (BuiltJar bundle : bundles) {
      for (Element attribute : elements(bundle, "AD")) {
        assertThat(attribute.getAttribute("description")).as("%s in %s", attribute.getAttribute("id"), bundle).isNotBlank();
      }
    }
  }

  private static List<Element> elements(BuiltJar bundle, String localName) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    List<Element> found = new ArrayList<>();
    for (byte[] xml : bundle.xml().values()) {
      Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
      NodeList nodes = document.getElementsByTagNameNS("*", localName);
      for (int i = 0; i < nodes.getLength(); i++) {
        found.add((Element) nodes.item(i));
      }
    }
    return found;
  }
}
