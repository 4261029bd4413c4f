package io.weft.installer;

import io.weft.support.manifest.Clause;
import io.weft.support.wiring.Need;
import io.weft.support.wiring.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.Attributes;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;

/** What a manifest provides to other bundles. */
record Provided(List<Offer> offers) {

  private static final String SERVICE = "osgi.service";

  static Provided of(String name, Version version, Attributes main) {
    List<Offer> offers = new ArrayList<>();
    for (String namespace : List.of(BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE)) {
      offers.add(new Offer(namespace, Map.of(namespace, name, Constants.BUNDLE_VERSION_ATTRIBUTE, version)));
    }
    offers.addAll(Offer.ofPackages(Clause.parse(main.getValue(Constants.EXPORT_PACKAGE))));
    offers.addAll(Offer.of(Clause.parse(main.getValue(Constants.PROVIDE_CAPABILITY))));
    return new Provided(List.copyOf(offers));
  }

  boolean meets(Need need) {
    return offers.stream().anyMatch(offer -> offer.meets(need));
  }

  /** Types of the services that are announced. */
  List<String> services() {
    TreeSet<String> types = new TreeSet<>();
    for (Offer offer : offers) {
      if (offer.namespace().equals(SERVICE)) {
        Object type = offer.attributes().get(Constants.OBJECTCLASS);
        types.addAll(type instanceof List<?> list ? list.stream().map(String::valueOf).toList() : Offer.words(String.valueOf(type)));
      }
    }
    return List.copyOf(types);
  }
}
