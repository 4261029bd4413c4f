package io.weft.support.wiring;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * A requirement of nobody in particular, to ask a framework who could meet it.
 *
 * @param filter as in its directive; empty for any
 */
public record Need(String namespace, String filter) implements Requirement {

  private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
  private static final Pattern FROM = Pattern.compile("\\((?:bundle-)?version>=([^)]+)\\)");
  private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^)]+)\\)\\)");

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

  /** {@code package io.foo [1.2,2)}, or the requirement as it is written. */
  public String words() {
    Matcher name = PACKAGE.matcher(filter);
    if (!namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) || !name.find()) {
      return namespace.equals(HostNamespace.HOST_NAMESPACE) ? "host " + filter : namespace + " " + filter;
    }
    Matcher below = BELOW.matcher(filter);
    String upper = below.find() ? below.group(1) : "";
    Matcher from = FROM.matcher(below.replaceAll(""));
    String lower = from.find() ? from.group(1) : "";
    String range = lower.isEmpty() ? "" : upper.isEmpty() ? " " + lower : " [" + lower + "," + upper + ")";
    return "package " + name.group(1) + range;
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
