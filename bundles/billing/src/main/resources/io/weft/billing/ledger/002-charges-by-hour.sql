-- The gate again, by hour first: the charges of an hour are one stretch at the end of the index, not one page of it per account.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS entries_charge_by_hour ON entries (period, account) WHERE type = 'charge' AND guarded
