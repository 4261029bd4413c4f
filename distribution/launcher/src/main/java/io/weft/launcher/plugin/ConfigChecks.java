package io.weft.launcher.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Whether an operator will know what can be set, in which unit and when a change applies; and that no secret can be set as text. */
final class ConfigChecks {

  private static final int BYTES_MAX = 1 << 20;
  private static final Pattern APPLIES = Pattern.compile("Applies [a-z][a-z ,]*\\.\\s*$");
  private static final Pattern SECRET = Pattern.compile("secret|password|passwd|token|credential|api[._-]?key|authorization");
  private static final String OCD = "@ObjectClassDefinition";

  private final JarFile jar;
  private final Findings findings;

  ConfigChecks(JarFile jar, Findings findings) {
    this.jar = jar;
    this.findings = findings;
  }

  void run() throws IOException {
    Set<String> described = new HashSet<>();
    for (JarEntry entry : entries("OSGI-INF/metatype/")) {
      Document document = read(entry);
      if (document != null) {
        metatype(document, described);
      }
    }
    for (JarEntry entry : entries("OSGI-INF/")) {
      Document document = entry.getName().indexOf('/', 9) < 0 ? read(entry) : null;
      if (document != null && document.getDocumentElement().getTagName().endsWith("component")) {
        component(document.getDocumentElement(), described);
      }
    }
  }

  private List<JarEntry> entries(String folder) {
    return jar.stream().filter(e -> e.getName().startsWith(folder) && e.getName().endsWith(".xml")).toList();
  }

  private void metatype(Document document, Set<String> described) {
    for (Element designate : elements(document, "Designate")) {
      String pid = designate.hasAttribute("factoryPid") ? designate.getAttribute("factoryPid") : designate.getAttribute("pid");
      described.add(pid);
      if (pid.equals("weft") || pid.startsWith("weft.")) {
        findings.error(pid, "PIDs that begin with weft. are those of the product", "give the component another name");
      }
    }
    for (Element key : elements(document, "AD")) {
      String id = key.getAttribute("id");
      String where = "configuration " + id;
      String description = key.getAttribute("description");
      if (description.isBlank()) {
        findings.error(where, "it has no description", "say in @AttributeDefinition what it is, with its unit");
      } else if (!APPLIES.matcher(description).find()) {
        findings.warning(where, "nobody knows when a change takes effect",
            "end the description with \"Applies at once.\", \"Applies to new ...\" or \"Applies after a restart.\"");
      }
      boolean text = key.getAttribute("type").isEmpty() || key.getAttribute("type").equals("String");
      if (text && SECRET.matcher(id.toLowerCase(Locale.ROOT)).find()) {
        findings.error(where, "it looks like a secret, and every bundle can read configuration",
            "make it type = AttributeType.PASSWORD, which takes a reference only, and resolve it with Secrets");
      }
    }
  }

  private void component(Element component, Set<String> described) {
    String name = component.getAttribute("name");
    String pids = component.getAttribute("configuration-pid");
    if (component.getAttribute("configuration-policy").equals("require")
        && !described.contains(pids.isEmpty() ? name : pids.split("\\s+")[0])) {
      findings.error("component " + name, "it waits for a configuration that weft.yaml cannot give it, since nothing describes it",
          "add @Designate with an interface that has " + OCD);
    }
  }

  private static List<Element> elements(Document document, String tag) {
    NodeList found = document.getElementsByTagNameNS("*", tag);
    return java.util.stream.IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private Document read(JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null); // it would print
      return builder.parse(new java.io.ByteArrayInputStream(in.readNBytes(BYTES_MAX)));
    } catch (SAXException e) {
      findings.error(entry.getName(), "it cannot be read as XML", "let bnd write it");
      return null;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every JDK can read XML", e);
    }
  }
}
