package io.weft.forward;

import java.lang.annotation.Annotation;
import java.util.Map;

/** Entries as Declarative Services would hand them over. */
final class Entries {

  private Entries() {}

  static LocalConfig local(Map<String, Object> values) {
    return new Local(values);
  }

  static ExposeConfig expose(Map<String, Object> values, String... allow) {
    return new Expose(values, allow);
  }

  private static String text(Map<String, Object> values, String key, String otherwise) {
    return (String) values.getOrDefault(key, otherwise);
  }

  private record Local(Map<String, Object> values) implements LocalConfig {
    @Override
    public String service() {
      return text(values, "service", "pg");
    }

    @Override
    public String at() {
      return text(values, "at", "any");
    }

    @Override
    public String tcp() {
      return text(values, "tcp", "");
    }

    @Override
    public String udp() {
      return text(values, "udp", "");
    }

    @Override
    public String http() {
      return text(values, "http", "");
    }

    @Override
    public int vip() {
      return (Integer) values.getOrDefault("vip", 0);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return LocalConfig.class;
    }
  }

  private record Expose(Map<String, Object> values, String[] allow) implements ExposeConfig {
    @Override
    public String service() {
      return text(values, "service", "pg");
    }

    @Override
    public String tcp() {
      return text(values, "tcp", "");
    }

    @Override
    public String udp() {
      return text(values, "udp", "");
    }

    @Override
    public String http() {
      return text(values, "http", "");
    }

    @Override
    public int vip() {
      return (Integer) values.getOrDefault("vip", 0);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return ExposeConfig.class;
    }
  }
}
