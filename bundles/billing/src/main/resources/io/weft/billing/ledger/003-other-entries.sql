-- Of one account, all that is no charge of an hour; those are found by the hour.
CREATE INDEX CONCURRENTLY IF NOT EXISTS entries_other ON entries (account, id) WHERE type <> 'charge' OR NOT guarded
