package io.weft.catalog;

import io.weft.support.plugin.ListedPlugin;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of several listings of one plugin is taken. The catalogue configured first goes first, whatever versions others have: else whoever may
 * write to the last one could put itself before all others with a large number.
 */
final class Choice {

  private static final Comparator<Listing> OLDEST_FIRST = Comparator.comparing(Listing::version);

  private Choice() {}

  /**
   * @param listings in the order of the catalogues
   * @param mayRun whether its key may sign it, as far as the index says; if none is such, one is taken all the same, for its reason to be said
   */
  static Optional<Listing> of(List<Listing> listings, Predicate<ListedPlugin> mayRun) {
    List<Listing> allowed = listings.stream().filter(listing -> mayRun.test(listing.plugin())).toList();
    List<Listing> some = allowed.isEmpty() ? listings : allowed;
    return some.stream().findFirst()
        .flatMap(first -> some.stream().filter(listing -> listing.catalog() == first.catalog()).max(OLDEST_FIRST));
  }
}
