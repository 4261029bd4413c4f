DROP TABLE state_changes, readings, meters, sources, deposits, periods, fences, entries, identities, accounts, books;
DROP SEQUENCE lock_leases;
DROP FUNCTION entries_fenced(), fence_check(text, bigint), fence_claim(text, text, bigint, text), entries_stay(), hour_key(timestamptz),
  hour_of(timestamptz), clock_now();
