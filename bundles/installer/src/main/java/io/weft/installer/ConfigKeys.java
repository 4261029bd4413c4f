package io.weft.installer;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Which keys of the configuration a bundle declares, from its metatype documents. */
final class ConfigKeys {

  static final String FOLDER = "OSGI-INF/metatype";

  private static final int KEYS_MAX = 1_000;
  private static final String OUR_PREFIX = "weft.";

  /** @param required whether there is no default */
  record Key(String id, boolean required) {}

  private ConfigKeys() {}

  /**
   * By PID.
   *
   * @throws IOException also if it is not a metatype document
   */
  static Map<String, List<Key>> read(InputStream in) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    Map<String, List<Key>> classes = new HashMap<>();
    Map<String, String> designated = new HashMap<>();
    List<Key> current = new ArrayList<>();
    String pid = "";
    int keys = 0;
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      while (xml.hasNext()) {
        if (xml.next() != XMLStreamReader.START_ELEMENT) {
          continue;
        }
        switch (xml.getLocalName()) {
          case "OCD" -> {
            current = new ArrayList<>();
            classes.put(value(xml, "id"), current);
          }
          case "AD" -> {
            if (++keys > KEYS_MAX) {
              throw new IOException("more than " + KEYS_MAX + " keys of configuration");
            }
            boolean required = !"false".equals(value(xml, "required")) && xml.getAttributeValue(null, "default") == null
                && value(xml, "cardinality").isEmpty();
            current.add(new Key(value(xml, "id"), required));
          }
          case "Designate" -> pid = value(xml, "pid").isEmpty() ? value(xml, "factoryPid") : value(xml, "pid");
          case "Object" -> designated.put(pid, value(xml, "ocdref"));
          default -> {
            // nothing that tells of keys
          }
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("its description of configuration is malformed: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
    Map<String, List<Key>> settings = new TreeMap<>();
    designated.forEach((p, ocd) -> settings.put(p, classes.getOrDefault(ocd, List.of())));
    return settings;
  }

  /** The section of {@code weft.yaml} that makes the configuration of a PID. */
  static String section(String pid) {
    return pid.startsWith(OUR_PREFIX) ? pid.substring(OUR_PREFIX.length()) : pid;
  }

  private static String value(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    return value == null ? "" : value;
  }
}
