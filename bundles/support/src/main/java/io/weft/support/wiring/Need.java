package io.weft.support.wiring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * A requirement of nobody in particular, to ask a framework who could meet it.
 *
 * @param filter as in its directive; empty for any
 */
public record Need(String namespace, String filter) implements Requirement {

  private static final Pattern NAME = Pattern.compile("\\(osgi\\.wiring\\.(package|bundle|host)=([^)]+)\\)");
  private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
  private static final Pattern FROM = Pattern.compile("\\((?:bundle-)?version>=([^)]+)\\)");
  private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^)]+)\\)\\)");

  private static final String ANY = "0.0.0";

  /** The need that a requirement stands for. */
  public static Need of(Requirement requirement) {
    return new Need(requirement.getNamespace(), requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""));
  }

  /** Whether a bundle does not resolve without it. */
  public static boolean mandatory(Map<String, String> directives) {
    String effective = directives.getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE);
    String resolution = directives.getOrDefault(Constants.RESOLUTION_DIRECTIVE, Constants.RESOLUTION_MANDATORY);
    return effective.equals(Constants.EFFECTIVE_RESOLVE) && resolution.equals(Constants.RESOLUTION_MANDATORY);
  }

  /** {@code package io.foo [1.2,2)}, {@code bundle io.bar}, or the requirement as it is written. */
  public String words() {
    Matcher name = NAME.matcher(filter);
    if (!name.find() || !namespace.endsWith("." + name.group(1))) {
      return namespace + " " + filter;
    }
    Matcher below = BELOW.matcher(filter);
    String upper = below.find() ? below.group(1) : "";
    Matcher from = FROM.matcher(below.replaceAll(""));
    String lower = from.find() ? from.group(1) : "";
    String range = lower.isEmpty() || upper.isEmpty() && lower.equals(ANY) ? "" : upper.isEmpty() ? " " + lower : " [" + lower + "," + upper + ")";
    return name.group(1) + " " + name.group(2) + range;
  }

  /** Who could meet it. A framework that is asked for hosts leaves out those that are resolved already, which this does not. */
  public Collection<BundleCapability> providers(FrameworkWiring wiring) {
    if (!namespace.equals(HostNamespace.HOST_NAMESPACE)) {
      return wiring.findProviders(this);
    }
    List<BundleCapability> hosts = new ArrayList<>();
    for (Bundle bundle : wiring.getBundle().getBundleContext().getBundles()) {
      BundleRevision revision = bundle.adapt(BundleRevision.class);
      if (revision != null) {
        revision.getDeclaredCapabilities(namespace).stream().filter(host -> new Offer(namespace, host.getAttributes()).meets(this))
            .forEach(hosts::add);
      }
    }
    return hosts;
  }

  /** The same package in any version; itself if it is no package. */
  Need anyVersion() {
    Matcher name = PACKAGE.matcher(filter);
    return namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) && name.find()
        ? new Need(namespace, "(osgi.wiring.package=" + name.group(1) + ")") : this;
  }

  boolean isPackage() {
    return namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) && PACKAGE.matcher(filter).find();
  }

  @Override
  public String getNamespace() {
    return namespace;
  }

  @Override
  public Map<String, String> getDirectives() {
    return filter.isEmpty() ? Map.of() : Map.of(Constants.FILTER_DIRECTIVE, filter);
  }

  @Override
  public Map<String, Object> getAttributes() {
    return Map.of();
  }

  @Override
  public Resource getResource() {
    throw new UnsupportedOperationException("it is nobody's");
  }
}
