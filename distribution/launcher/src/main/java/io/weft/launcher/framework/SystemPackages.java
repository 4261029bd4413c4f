package io.weft.launcher.framework;

/** What the class path gives to bundles: SLF4J, OSGi's log service, and Logback for whoever changes levels (docs/adr/0003). */
public final class SystemPackages {

  private static final String SLF4J = ";version=\"2.0.17\"";
  private static final String LOGBACK = ";version=\"1.5.18\"";

  /** As the framework property {@code org.osgi.framework.system.packages.extra}. */
  public static final String EXTRA = String.join(",",
      "org.osgi.service.log;version=\"1.5.0\";uses:=\"org.osgi.framework\"",
      "org.slf4j" + SLF4J + ";uses:=\"org.slf4j.event,org.slf4j.helpers,org.slf4j.spi\"",
      // As SLF4J says of itself: who was written for 1.x and only logs, such as HikariCP, can use 2.x.
      "org.slf4j;version=\"1.7.36\";uses:=\"org.slf4j.event,org.slf4j.helpers,org.slf4j.spi\"",
      "org.slf4j.event" + SLF4J + ";uses:=\"org.slf4j,org.slf4j.helpers\"",
      "org.slf4j.helpers" + SLF4J + ";uses:=\"org.slf4j,org.slf4j.event,org.slf4j.spi\"",
      "org.slf4j.spi" + SLF4J + ";uses:=\"org.slf4j,org.slf4j.event,org.slf4j.helpers\"",
      "ch.qos.logback.classic" + LOGBACK
          + ";uses:=\"ch.qos.logback.classic.spi,ch.qos.logback.core,ch.qos.logback.core.spi,org.slf4j,org.slf4j.event,org.slf4j.spi\"",
      "ch.qos.logback.classic.spi" + LOGBACK
          + ";uses:=\"ch.qos.logback.classic,ch.qos.logback.core,ch.qos.logback.core.spi,org.slf4j,org.slf4j.event\"",
      "ch.qos.logback.core" + LOGBACK + ";uses:=\"ch.qos.logback.core.spi\"",
      "ch.qos.logback.core.spi" + LOGBACK + ";uses:=\"ch.qos.logback.core\"");

  private SystemPackages() {}
}
