package org.example.bankstatements;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Elements by the local names that lead to them, whatever the version in their namespace. */
final class Xml {

  private Xml() {}

  /** All that the names lead to, in order. */
  static List<Element> all(Element from, String... names) {
    List<Element> at = List.of(from);
    for (String name : names) {
      List<Element> next = new ArrayList<>();
      for (Element parent : at) {
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
          if (child instanceof Element element && name.equals(element.getLocalName())) {
            next.add(element);
          }
        }
      }
      at = next;
    }
    return at;
  }

  static @Nullable Element first(Element from, String... names) {
    List<Element> all = all(from, names);
    return all.isEmpty() ? null : all.get(0);
  }

  /** Empty if there is none. */
  static String text(Element from, String... names) {
    Element first = first(from, names);
    return first == null ? "" : first.getTextContent().strip();
  }
}
