package io.weft.catalog;

import java.util.ArrayList;
import java.util.List;

/** Looks at all catalogues that are due at the same time: one whose server does not answer is not to be waited for as often as there are such. */
final class AllAtOnce {

  private AllAtOnce() {}

  /** Returns when all were looked at; none takes longer than its files may. */
  static void look(List<Catalog> catalogs, Catalog.Look look) {
    List<Catalog> due = catalogs.stream().filter(catalog -> catalog.isDue(look)).toList();
    if (due.size() < 2) {
      return; // whoever asks looks
    }
    List<Thread> threads = new ArrayList<>();
    for (Catalog catalog : due) {
      Thread thread = new Thread(() -> catalog.plugins(look), "weft-catalog-" + catalog.name());
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // who asks next waits for the one that still looks
    }
  }
}
