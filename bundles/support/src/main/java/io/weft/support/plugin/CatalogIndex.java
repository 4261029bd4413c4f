package io.weft.support.plugin;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a catalogue offers, all of it in one statement: whoever mixes files of two versions has none of either. What is signed of it are its bytes.
 *
 * @param version grows by one or more with each change
 * @param expires after which nobody should believe it, so that an old one cannot be served for ever
 * @param threshold how many keys have to sign it at least, says its publisher
 */
public record CatalogIndex(
    String catalog, long version, Instant created, Instant expires, int threshold, List<ListedPlugin> plugins) {

  public static final int BYTES_MAX = 4 << 20;
  public static final int PLUGINS_MAX = 10_000;
  private static final int TEXT_MAX = 2_000;
  private static final int LIST_MAX = 500;
  private static final int THRESHOLD_MAX = 16;
  private static final Pattern CATALOG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final Pattern VERSION = Pattern.compile("\\d{1,9}(\\.\\d{1,9}(\\.\\d{1,9}(\\.[A-Za-z0-9_-]{1,100})?)?)?");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._+-]*(/[A-Za-z0-9_-][A-Za-z0-9._+-]*)*");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern KEY = Pattern.compile("([0-9a-f]{16})?");

  /** @throws IllegalArgumentException if a part of it is not as it must be */
  public CatalogIndex {
    plugins = List.copyOf(plugins);
    require(isName(catalog), "the name of a catalogue is 1 to 63 of a-z, 0-9 and dashes");
    require(version > 0, "'version' is 1 or more");
    require(threshold > 0 && threshold <= THRESHOLD_MAX, "'threshold' is 1 to " + THRESHOLD_MAX);
    require(expires.isAfter(created), "it expires before it was made");
    require(plugins.size() <= PLUGINS_MAX, "it lists more than " + PLUGINS_MAX + " plugins");
    plugins.forEach(CatalogIndex::check);
    require(plugins.stream().map(plugin -> plugin.name() + " " + plugin.version()).distinct().count() == plugins.size(),
        "it lists one version of a plugin twice");
  }

  public static boolean isName(String catalog) {
    return CATALOG.matcher(catalog).matches();
  }

  private static void check(ListedPlugin plugin) {
    require(plugin.name().length() <= 200 && NAME.matcher(plugin.name()).matches(), "a name of a plugin is not one");
    require(VERSION.matcher(plugin.version()).matches(), "a version of " + plugin.name() + " is not one");
    require(plugin.file().length() <= 400 && FILE.matcher(plugin.file()).matches(), "the file of " + plugin.name() + " is not below it");
    require(plugin.size() > 0 && plugin.size() <= PluginArchive.BYTES_MAX, "the size of " + plugin.name() + " is not that of a plugin");
    require(SHA256.matcher(plugin.sha256()).matches(), "the hash of " + plugin.name() + " is not one");
    require(KEY.matcher(plugin.keyId()).matches(), "the key of " + plugin.name() + " is not one");
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  public String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("catalog", catalog);
    map.put("version", version);
    map.put("created", created.toString());
    map.put("expires", expires.toString());
    map.put("threshold", threshold);
    map.put("plugins", plugins.stream().map(CatalogIndex::map).toList());
    return Json.lines(map) + "\n";
  }

  private static Map<String, Object> map(ListedPlugin plugin) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", plugin.name());
    map.put("version", plugin.version());
    map.put("kinds", plugin.kinds());
    map.put("description", plugin.description());
    map.put("licence", plugin.licence());
    map.put("capabilities", plugin.capabilities());
    map.put("requirements", plugin.requirements());
    map.put("file", plugin.file());
    map.put("size", plugin.size());
    map.put("sha256", plugin.sha256());
    map.put("key", plugin.keyId());
    return map;
  }

  /** @throws IllegalArgumentException if it is not one; the message is one line for people */
  public static CatalogIndex parse(String json) {
    try {
      Map<?, ?> map = (Map<?, ?>) JsonReader.read(json);
      List<ListedPlugin> plugins = new ArrayList<>();
      for (Object plugin : (List<?>) map.get("plugins")) {
        plugins.add(plugin((Map<?, ?>) plugin));
      }
      return new CatalogIndex(text(map, "catalog"), number(map, "version"), Instant.parse(text(map, "created")),
          Instant.parse(text(map, "expires")), (int) Math.min(number(map, "threshold"), THRESHOLD_MAX + 1), plugins);
    } catch (ClassCastException | NullPointerException | DateTimeException e) {
      throw new IllegalArgumentException("a part of it is missing or of another kind than it must be", e);
    }
  }

  private static ListedPlugin plugin(Map<?, ?> map) {
    return new ListedPlugin(text(map, "name"), text(map, "version"), texts(map, "kinds"), text(map, "description"), text(map, "licence"),
        texts(map, "capabilities"), texts(map, "requirements"), text(map, "file"), number(map, "size"), text(map, "sha256"),
        text(map, "key"));
  }

  private static long number(Map<?, ?> map, String key) {
    return (Long) map.get(key);
  }

  private static String text(Map<?, ?> map, String key) {
    return bounded((String) map.get(key));
  }

  private static String bounded(String text) {
    require(text.length() <= TEXT_MAX, "a text in it has more than " + TEXT_MAX + " characters");
    return text;
  }

  private static List<String> texts(Map<?, ?> map, String key) {
    List<?> list = (List<?>) map.get(key);
    require(list.size() <= LIST_MAX, "a list in it has more than " + LIST_MAX + " entries");
    return list.stream().map(element -> bounded((String) element)).toList();
  }
}
