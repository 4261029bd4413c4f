package io.weft.node.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads what bnd makes of configuration annotations: the files in {@code OSGI-INF/metatype} of a bundle. Not thread-safe; one
 * reader reads many documents.
 */
public final class MetatypeReader {

  /** Where bundles keep the documents. */
  public static final String FOLDER = "OSGI-INF/metatype";

  private static final int BYTES_MAX = 1 << 20;
  private static final Pattern APPLIES = Pattern.compile("\\s*Applies ([a-z][a-z ,]*)\\.\\s*$");

  private final SAXParser parser;

  public MetatypeReader() {
    try {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      this.parser = factory.newSAXParser();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("every JDK can read XML", e);
    }
  }

  /** The sections of one document. {@code what} names it in the message of the exception. */
  public List<SectionSchema> read(String what, InputStream in) throws IOException {
    Document document = new Document();
    try {
      parser.parse(new java.io.ByteArrayInputStream(in.readNBytes(BYTES_MAX)), document);
    } catch (SAXException | IllegalArgumentException e) {
      throw new IOException(what + ": is not a metatype document: " + e.getMessage(), e);
    }
    return document.sections();
  }

  private record Ocd(String name, String description, Map<String, KeySchema> keys) {}

  private record Designate(String pid, boolean factory, String ocd) {}

  private static final class Document extends DefaultHandler {

    private final Map<String, Ocd> ocds = new LinkedHashMap<>();
    private final List<Designate> designates = new ArrayList<>();
    private @Nullable Ocd ocd;
    private @Nullable Attributes key;
    private final List<String> options = new ArrayList<>();
    private String pid = "";
    private boolean factory;

    @Override
    public void startElement(String uri, String local, String qualified, Attributes attributes) {
      switch (name(qualified)) {
        case "OCD" -> {
          ocd = new Ocd(text(attributes, "name"), text(attributes, "description"), new LinkedHashMap<>());
          ocds.put(text(attributes, "id"), ocd);
        }
        case "AD" -> {
          key = new org.xml.sax.helpers.AttributesImpl(attributes);
          options.clear();
        }
        case "Option" -> options.add(text(attributes, "value"));
        case "Designate" -> {
          factory = attributes.getValue("factoryPid") != null;
          pid = text(attributes, factory ? "factoryPid" : "pid");
        }
        case "Object" -> designates.add(new Designate(pid, factory, text(attributes, "ocdref")));
        default -> { }
      }
    }

    @Override
    public void endElement(String uri, String local, String qualified) {
      if (name(qualified).equals("AD") && key != null && ocd != null) {
        KeySchema schema = key(key, options);
        ocd.keys.put(schema.id(), schema);
        key = null;
      }
    }

    List<SectionSchema> sections() {
      List<SectionSchema> sections = new ArrayList<>();
      for (Designate d : designates) {
        Ocd declared = ocds.get(d.ocd);
        if (declared != null && !d.pid.isEmpty()) {
          sections.add(new SectionSchema(d.pid, d.factory, declared.name, declared.description, declared.keys));
        }
      }
      return sections;
    }

    private static String name(String qualified) {
      return qualified.substring(qualified.indexOf(':') + 1);
    }

    private static String text(Attributes attributes, String name) {
      String value = attributes.getValue(name);
      return value == null ? "" : value;
    }
  }

  private static KeySchema key(Attributes attributes, List<String> options) {
    String cardinality = Document.text(attributes, "cardinality");
    boolean many = !cardinality.isEmpty() && !cardinality.equals("0");
    String given = attributes.getValue("default");
    String description = Document.text(attributes, "description");
    Matcher applies = APPLIES.matcher(description);
    boolean says = applies.find();
    return new KeySchema(
        Document.text(attributes, "id"),
        type(Document.text(attributes, "type")),
        many,
        given == null && !many && !"false".equals(attributes.getValue("required")),
        given == null ? List.of() : many ? split(given) : List.of(given),
        attributes.getValue("min"),
        attributes.getValue("max"),
        options,
        says ? description.substring(0, applies.start()) : description,
        says ? applies.group(1) : KeySchema.UNSAID);
  }

  private static KeySchema.Type type(String name) {
    return switch (name) {
      case "Boolean" -> KeySchema.Type.BOOLEAN;
      case "Integer", "Short", "Byte" -> KeySchema.Type.INTEGER;
      case "Long" -> KeySchema.Type.LONG;
      case "Double", "Float" -> KeySchema.Type.DOUBLE;
      case "Password" -> KeySchema.Type.SECRET;
      case "String", "Character", "" -> KeySchema.Type.TEXT;
      default -> throw new IllegalArgumentException("the type " + name + " is not known");
    };
  }

  /** Commas separate values, unless a backslash stands before them. */
  private static List<String> split(String text) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        value.append(text.charAt(++i));
      } else if (c == ',') {
        values.add(value.toString().strip());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    String last = value.toString().strip();
    if (!last.isEmpty()) {
      values.add(last);
    }
    return values;
  }
}
