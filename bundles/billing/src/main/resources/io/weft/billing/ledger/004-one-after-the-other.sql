-- Charging an hour goes through accounts by number. From here on everything that it touches lies in that order, however long the
-- books are.
DROP INDEX entries_charge_once;
ALTER INDEX entries_charge_by_hour RENAME TO entries_charge_once;
DROP INDEX entries_by_account;

-- Room on each page for a second version of every row of it, so that a balance that changes stays where it is and no index hears of it.
ALTER TABLE accounts SET (fillfactor = 45);

-- That an entry has its account is checked once for all entries of a statement: row by row it took a lock on each account. It stays
-- so because accounts stay.
ALTER TABLE entries DROP CONSTRAINT entries_account_fkey;

CREATE FUNCTION entries_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stranger bigint;
BEGIN
  SELECT f.account INTO stranger FROM fresh f LEFT JOIN LATERAL (SELECT 1 AS there FROM accounts WHERE number = f.account LIMIT 1) a ON true
    WHERE a.there IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'there is no account % for this entry', stranger USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_known AFTER INSERT ON entries REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION entries_known();

CREATE FUNCTION accounts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'accounts are never deleted; their entries would belong to nobody' USING ERRCODE = 'WF002';
END $$;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts FOR EACH STATEMENT EXECUTE FUNCTION accounts_stay();
CREATE TRIGGER accounts_stay_all BEFORE TRUNCATE ON accounts FOR EACH STATEMENT EXECUTE FUNCTION accounts_stay();
